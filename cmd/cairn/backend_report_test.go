package main

import (
	"reflect"
	"testing"

	"github.com/cairnstate/cairn/storage/backend"
)

// Each limit that a backend can have is told, those that come tomorrow included.
func TestEachLimitIsTold(t *testing.T) {
	for i := range reflect.TypeFor[backend.Limits]().NumField() {
		var limits backend.Limits
		switch field := reflect.ValueOf(&limits).Elem().Field(i); field.Kind() {
		case reflect.Bool:
			field.SetBool(true)
		default:
			field.SetInt(1000)
		}
		if said := describeLimits(limits); len(said) != 1 {
			t.Errorf("of %+v it says %q", limits, said)
		}
	}
	if said := describeLimits(backend.Limits{}); len(said) != 0 {
		t.Errorf("of no limits it says %q", said)
	}
}
