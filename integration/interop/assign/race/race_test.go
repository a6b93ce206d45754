package main

import (
	"math"
	"testing"
)

// TestSlope fits what is known to grow with a power of 1.5.
func TestSlope(t *testing.T) {
	var x, y []float64
	for p := 1.0; p < 100; p *= 2 {
		x, y = append(x, math.Log(p)), append(y, math.Log(3*math.Pow(p, 1.5)))
	}
	if got := slope(x, y); math.Abs(got-1.5) > 1e-9 {
		t.Errorf("slope is %v, want 1.5", got)
	}
}
