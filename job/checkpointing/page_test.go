package checkpointing_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/job/checkpointing"
)

const page = "../../docs/configuration.md"

// table is the table of options as the page has it.
func table() string {
	var b strings.Builder
	b.WriteString("| key | default | what it says | former keys |\n|---|---|---|---|\n")
	for _, o := range checkpointing.Options() {
		meaning := o.Meaning
		if strings.Contains(o.Type, "_") {
			meaning += " One of " + o.Type + "."
		}
		former := ""
		for i, key := range o.Former {
			if i > 0 {
				former += ", "
			}
			former += "`" + key + "`"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", o.Key, o.Default, meaning, former)
	}
	return b.String()
}

func TestThePageHasTheTable(t *testing.T) {
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), "\n"+table()+"\n") {
		t.Errorf("%s does not have this table, and nothing else where it should be:\n%s", page, table())
	}
}
