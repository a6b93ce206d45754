package checkpointing_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/job/checkpointing"
	"github.com/cairnstate/cairn/job/configuration"
)

// other returns a value of an option that is not its default.
func other(o checkpointing.Option) string {
	switch o.Type {
	case "duration":
		return "77 min"
	case "size":
		return "7 kb"
	case "number":
		return "7"
	case "true or false":
		return map[string]string{"true": "FALSE", "false": "True"}[o.Default]
	case "text":
		return "file:///somewhere"
	}
	names := strings.Split(o.Type, ", ")
	return strings.ToLower(names[1])
}

func changed(t *testing.T, c checkpointing.Config) (fields []string) {
	t.Helper()
	was, is := reflect.ValueOf(checkpointing.Default()), reflect.ValueOf(c)
	for i := range is.NumField() {
		if !reflect.DeepEqual(was.Field(i).Interface(), is.Field(i).Interface()) {
			fields = append(fields, is.Type().Field(i).Name)
		}
	}
	return fields
}

func TestEachOptionHasAFieldOfItsOwn(t *testing.T) {
	owners := map[string]int{}
	for _, o := range checkpointing.Options() {
		for _, key := range append([]string{o.Key}, o.Former...) {
			c, err := checkpointing.Read(configuration.Of(map[string]string{key: other(o)}))
			fields := changed(t, c)
			if err != nil || len(fields) != 1 {
				t.Errorf("%s = %s changes %v, %v", key, other(o), fields, err)
				continue
			}
			if key == o.Key {
				owners[fields[0]]++
			}
		}
	}
	all := reflect.TypeFor[checkpointing.Config]()
	for i := range all.NumField() {
		want := 1
		if all.Field(i).Name == "Restore" {
			want = 3
		}
		if got := owners[all.Field(i).Name]; got != want {
			t.Errorf("field %s has %d options, want %d", all.Field(i).Name, got, want)
		}
	}
}

func TestDefaultsAreThoseOfTheTable(t *testing.T) {
	chosen := map[string]string{}
	for _, o := range checkpointing.Options() {
		if o.Default != "none" {
			chosen[o.Key] = o.Default
		}
	}
	c, err := checkpointing.Read(configuration.Of(chosen))
	if fields := changed(t, c); err != nil || len(fields) != 0 {
		t.Errorf("the defaults of the table change %v, %v", fields, err)
	}
}

func TestThePresentNameDecides(t *testing.T) {
	c, err := checkpointing.Read(configuration.Of(map[string]string{
		"execution.checkpointing.dir": "new", "state.checkpoints.dir": "old", "state.backend.fs.checkpointdir": "oldest",
	}))
	if err != nil || c.Directory != "new" {
		t.Errorf("directory %q, %v", c.Directory, err)
	}
}

func TestErrorsOfAFile(t *testing.T) {
	for text, want := range map[string]string{
		"execution.checkpointing.interval: 9 ms":                                             "c.yaml:1: execution.checkpointing.interval: 9ms is shorter than 10ms",
		"\nexecution.checkpointing.interval: 0":                                              "c.yaml:2: execution.checkpointing.interval: 0s is shorter than 10ms",
		"execution.checkpointing.interval-during-backlog: 5":                                 "c.yaml:1: execution.checkpointing.interval-during-backlog: 5ms is shorter",
		"execution.checkpointing.timeout: 1 ms":                                              "c.yaml:1: execution.checkpointing.timeout: 1ms is shorter",
		"execution.checkpointing.max-concurrent-checkpoints: 0":                              "c.yaml:1: execution.checkpointing.max-concurrent-checkpoints: 0 is less than 1",
		"execution.checkpointing.tolerable-failed-checkpoints: -1":                           "c.yaml:1: execution.checkpointing.tolerable-failed-checkpoints: -1 is less than 0",
		"execution.checkpointing.mode: exactly-once":                                         `c.yaml:1: execution.checkpointing.mode: "exactly-once" is none of EXACTLY_ONCE, AT_LEAST_ONCE`,
		"state.checkpoints.create-subdir: maybe":                                             `c.yaml:1: state.checkpoints.create-subdir: "maybe" is neither`,
		"execution.checkpointing.unaligned.max-subtasks-per-channel-state-file: 0":           "c.yaml:1: execution.checkpointing.unaligned.max-subtasks-per-channel-state-file: 0 is",
		"execution.checkpointing.data-inline-threshold: much":                                `c.yaml:1: execution.checkpointing.data-inline-threshold: "much" is no size`,
		"execution.state-recovery.without-channel-state.checkpoint-id: 99999999999999999999": "c.yaml:1: execution.state-recovery.without-channel-state.checkpoint-id: ",
	} {
		file, err := configuration.ParseYAML("c.yaml", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		_, err = checkpointing.Read(file)
		if _, ok := errors.AsType[*configuration.Error](err); !ok || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: %v; want %s…", text, err, want)
		}
	}
}
