package house

import (
	"testing"
)

func TestDeadLinksBite(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"sound", "[a](docs/plan.md) [b](docs) ![c](docs/picture.bytes \"a title\")", ""},
		{"missing", "[a](docs/roof.md)", "README.md points at docs/roof.md"},
		{"missing with a heading", "[a](docs/roof.md#ridge)", "README.md points at docs/roof.md#ridge"},
		{"outside", "[a](../neighbour)", "README.md points at ../neighbour"},
		{"absolute", "[a](/docs/plan.md)", "README.md points at /docs/plan.md"},
		{"shown as it stands", "```\nrooms[i](j)\n```", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			complaints, err := DeadLinks(build(t, changed(map[string]string{"README.md": c.text})))
			if err != nil {
				t.Fatal(err)
			}
			if c.want == "" {
				expect(t, complaints)
			} else {
				expect(t, complaints, c.want)
			}
		})
	}
}
