package main

import (
	"testing"
	"time"
)

// What is counted can be checked because every word is said again in the same place.
func TestWordsAreTheSameEachTime(t *testing.T) {
	words := map[string]bool{}
	for split := range int64(splits) {
		for offset := range int64(1000) {
			word := say(split, offset)
			if word != say(split, offset) {
				t.Fatalf("word %d of split %d changes", offset, split)
			}
			words[word] = true
		}
	}
	if len(words) < 50 {
		t.Errorf("only %d words are said", len(words))
	}
}

func TestLine(t *testing.T) {
	got, err := line([]byte("before\n"), Count{Word: Word{Text: "stone", Split: 3, Offset: 204}, N: 17})
	if err != nil || string(got) != "before\nstone 17 3 204\n" {
		t.Errorf("%q, %v", got, err)
	}
}

func TestCommandLine(t *testing.T) {
	o, err := parse([]string{"-checkpoints", "/tmp/c", "-output", "/tmp/o", "-parallelism", "3", "-interval", "2s"})
	if err != nil {
		t.Fatal(err)
	}
	env, err := o.environment()
	if err != nil || env.Parallelism != 3 || env.Checkpointing.Interval != 2*time.Second || env.Checkpointing.Directory != "/tmp/c" {
		t.Errorf("%+v, %v", env, err)
	}
	if _, err := parse([]string{"-output", "/tmp/o"}); err == nil {
		t.Error("a job without a place for checkpoints")
	}
	if _, err := (&options{config: "no such file"}).environment(); err == nil {
		t.Error("a configuration that is not there")
	}
}
