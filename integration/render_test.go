package integration_test

import (
	"fmt"
	"reflect"
	"strings"
)

// render writes a value out, down to the last field, exported or not, so that two
// values that differ anywhere render differently. Equal pointers need not be the
// same.
func render(v any) string {
	var b strings.Builder
	renderValue(&b, reflect.ValueOf(v), "\n")
	return b.String()
}

func renderValue(b *strings.Builder, v reflect.Value, newline string) {
	switch v.Kind() {
	case reflect.Invalid:
		b.WriteString("nil")
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			b.WriteString("nil")
			return
		}
		renderValue(b, v.Elem(), newline)
	case reflect.Struct:
		renderStruct(b, v, newline)
	case reflect.Slice, reflect.Array:
		renderElements(b, v, newline)
	case reflect.String:
		fmt.Fprintf(b, "%q", v.String())
	case reflect.Map, reflect.Func, reflect.Chan, reflect.UnsafePointer:
		panic("integration: cannot render a " + v.Type().String())
	default:
		fmt.Fprint(b, v)
	}
}

func renderStruct(b *strings.Builder, v reflect.Value, newline string) {
	b.WriteString(v.Type().String() + "{")
	for i := range v.NumField() {
		b.WriteString(newline + "  " + v.Type().Field(i).Name + ": ")
		renderValue(b, v.Field(i), newline+"  ")
	}
	b.WriteString("}")
}

func renderElements(b *strings.Builder, v reflect.Value, newline string) {
	if v.Type().Elem().Kind() == reflect.Uint8 {
		fmt.Fprintf(b, "%x", v)
		return
	}
	b.WriteString("[")
	for i := range v.Len() {
		b.WriteString(newline + "  ")
		renderValue(b, v.Index(i), newline+"  ")
	}
	b.WriteString("]")
}
