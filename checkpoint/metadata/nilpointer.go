package metadata

import "reflect"

// nilPointer refuses an interface that holds a nil pointer: whoever made it meant to
// leave the field out, and Go does not see it so.
func (e *encoder) nilPointer(h any) bool {
	v := reflect.ValueOf(h)
	if v.Kind() != reflect.Pointer || !v.IsNil() {
		return false
	}
	e.fail("the handle is a nil %T; where there is no state, leave the field nil", h)
	return true
}
