package state

import (
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
)

// orJSON returns the codec, or else JSON, if that sees all of the type: a field that is
// not exported would be lost, and nobody would hear of it before the first restore.
func orJSON[T any](codec Codec[T]) (Codec[T], error) {
	if codec != nil {
		return codec, nil
	}
	of := reflect.TypeFor[T]()
	if field := hidden(of, map[reflect.Type]bool{}); field != "" {
		return nil, fmt.Errorf("%s has a field that JSON does not see: export %s, or give a codec", of, field)
	}
	return JSON[T](), nil
}

// hidden returns a field, at any depth, that encoding/json passes over because of its name.
func hidden(t reflect.Type, seen map[reflect.Type]bool) string {
	if seen[t] || encodesItself(t) || encodesItself(reflect.PointerTo(t)) {
		return ""
	}
	seen[t] = true
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array:
		return hidden(t.Elem(), seen)
	case reflect.Map:
		if field := hidden(t.Key(), seen); field != "" {
			return field
		}
		return hidden(t.Elem(), seen)
	case reflect.Struct:
		return hiddenIn(t, seen)
	}
	return ""
}

func hiddenIn(t reflect.Type, seen map[reflect.Type]bool) string {
	for i := range t.NumField() {
		f := t.Field(i)
		if !f.IsExported() && !f.Anonymous {
			return t.String() + "." + f.Name
		}
		if f.Tag.Get("json") == "-" { // the author says so
			continue
		}
		if field := hidden(f.Type, seen); field != "" {
			return field
		}
	}
	return ""
}

func encodesItself(t reflect.Type) bool {
	return t.Implements(reflect.TypeFor[json.Marshaler]()) || t.Implements(reflect.TypeFor[encoding.TextMarshaler]())
}
