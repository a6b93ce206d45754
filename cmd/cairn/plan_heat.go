package main

import (
	"fmt"
	"math"
)

// heatStops go from pale to dark in even steps of lightness, so that the order of
// colours is seen by the colour-blind and in black and white.
var heatStops = [...][3]float64{
	{253, 240, 200}, {252, 205, 120}, {245, 150, 75}, {214, 88, 66}, {152, 42, 82}, {84, 18, 78},
}

// heat returns the colour of a share, 0 to 1.
func heat(share float64) string {
	rgb := heatRGB(share)
	return fmt.Sprintf("#%02x%02x%02x", int(math.Round(rgb[0])), int(math.Round(rgb[1])), int(math.Round(rgb[2])))
}

func heatRGB(share float64) (rgb [3]float64) {
	at := min(max(share, 0), 1) * float64(len(heatStops)-1)
	i := min(int(at), len(heatStops)-2)
	for k := range rgb {
		rgb[k] = heatStops[i][k] + (heatStops[i+1][k]-heatStops[i][k])*(at-float64(i))
	}
	return rgb
}

// inkOn returns the colour of text that reads on the colour of a share.
func inkOn(share float64) string {
	rgb := heatRGB(share)
	if 0.299*rgb[0]+0.587*rgb[1]+0.114*rgb[2] > 150 {
		return "#2b2724"
	}
	return "#fffdf9"
}
