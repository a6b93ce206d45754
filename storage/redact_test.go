package storage

import "testing"

func TestRedactHidesWhatMayBeASecret(t *testing.T) {
	for text, want := range map[string]string{
		"s3://bucket/a":                           "s3://bucket/a",
		"s3://KEY:SECRET@bucket/a":                "s3://KEY:…@bucket/a",
		"s3://K:S@R@bucket/a":                     "s3://K:…@bucket/a",
		"abfs://container@account.dfs/a":          "abfs://container@account.dfs/a",
		"https://h/x?X-Amz-Signature=SECRET&a=b":  "https://h/x?…",
		"s3://bucket/really?":                     "s3://bucket/really?",
		"s3://bucket/a/x:y@z":                     "s3://bucket/a/x:y@z",
		"s3://KEY:SECRET@bucket?secretKey=SECRET": "s3://KEY:…@bucket?…",
	} {
		if got := redact(text); got != want {
			t.Errorf("redact(%q) = %q, want %q", text, got, want)
		}
	}
}
