package param_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/storage/internal/param"
)

var known = param.Known{"endpoint", "mode", "on"}

// Each refusal names the parameter and what it wants, and never the value.
func TestRefusals(t *testing.T) {
	const secret = "wJalrXUtnFEMI"
	for name, test := range map[string]struct {
		query string
		want  string
	}{
		"unknown":            {"password=" + secret, `unknown parameter "password" (known: endpoint, mode, on)`},
		"twice":              {"on=" + secret + "&on=true", `parameter "on" is given 2 times`},
		"no switch":          {"on=" + secret, `parameter "on" is true or false`},
		"no choice":          {"mode=" + secret, `parameter "mode" is one of a, b`},
		"endpoint user":      {"endpoint=https://k:" + secret + "@host", "holds no user or password"},
		"endpoint unparsed":  {"endpoint=https://" + secret + "%25zz", "an endpoint is"},
		"endpoint query":     {"endpoint=https://host/?" + secret, "an endpoint is"},
		"endpoint fragment":  {"endpoint=https://host/%23" + secret, "an endpoint is"},
		"endpoint scheme":    {"endpoint=ftp://" + secret, "an endpoint is"},
		"endpoint no scheme": {"endpoint=" + secret + ":9000", "an endpoint is"},
		"endpoint no host":   {"endpoint=https://:9000/" + secret, "an endpoint is"},
	} {
		t.Run(name, func(t *testing.T) {
			err := read(t, test.query)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Fatalf("error %v does not say %q", err, test.want)
			}
			if strings.Contains(err.Error(), secret) {
				t.Errorf("error repeats the value: %v", err)
			}
		})
	}
}

func read(t *testing.T, query string) error {
	t.Helper()
	params, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	values, err := known.Read(params)
	if err != nil {
		return err
	}
	if _, err := values.Endpoint("endpoint"); err != nil {
		return err
	}
	if _, err := values.Choice("mode", "a", "b"); err != nil {
		return err
	}
	_, err = values.Bool("on")
	return err
}

func TestValues(t *testing.T) {
	values, err := known.Read(url.Values{"endpoint": {"http://127.0.0.1:9000/s3/"}, "mode": {"b"}, "on": {"false"}})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := values.Endpoint("endpoint"); got != "http://127.0.0.1:9000/s3" || err != nil {
		t.Errorf("Endpoint = %q, %v", got, err)
	}
	if got, err := values.Choice("mode", "a", "b"); got != "b" || err != nil {
		t.Errorf("Choice = %q, %v", got, err)
	}
	if got, err := values.Bool("on"); got == nil || *got || err != nil {
		t.Errorf("Bool = %v, %v", got, err)
	}
}

// What is not given is told apart from what is given as nothing.
func TestAbsent(t *testing.T) {
	values, err := known.Read(nil)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := values.Bool("on"); got != nil || err != nil {
		t.Errorf("Bool = %v, %v", got, err)
	}
	if got, err := values.Endpoint("endpoint"); got != "" || err != nil {
		t.Errorf("Endpoint = %q, %v", got, err)
	}
	if _, err := (param.Values{"endpoint": ""}).Endpoint("endpoint"); err == nil {
		t.Error("an empty endpoint is accepted")
	}
}
