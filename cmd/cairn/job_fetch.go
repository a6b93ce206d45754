package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"
)

const (
	// jobBytes bounds an answer: a job of ten thousand vertices takes some MB.
	jobBytes = 64 << 20
	// jobTimeout is for the whole request. A JobManager that is busy takes seconds.
	jobTimeout = 30 * time.Second
)

func isURL(source string) bool {
	return strings.HasPrefix(source, "http://") || strings.HasPrefix(source, "https://")
}

// fetchJob gets the description of a job from a URL, and returns how to name the
// URL in messages: without user, password and query, which may be secret.
func fetchJob(ctx context.Context, source string) (name string, data []byte, err error) {
	u, err := url.Parse(source)
	if err != nil {
		return "", nil, usageError(errors.New("--job is no URL")) // the error would quote it
	}
	u = jobURL(u)
	name = (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}).String()
	ctx, cancel := context.WithTimeout(ctx, jobTimeout)
	defer cancel()
	data, err = get(ctx, u)
	if err != nil {
		return name, nil, fmt.Errorf("job from %s: %w", name, err)
	}
	return name, data, nil
}

// jobURL turns what people copy from a browser into what has the job: the page of
// the web UI into its REST address, and the plan of a job into the whole answer,
// which has the plan and the max parallelism.
func jobURL(u *url.URL) *url.URL {
	clean := *u
	clean.Fragment, clean.RawFragment = "", ""
	parts := strings.Split(u.Fragment, "/") // /job/running/<id>/overview
	if len(parts) >= 4 && parts[1] == "job" {
		id := parts[3]
		if len(parts[2]) == 32 { // before Flink 1.16
			id = parts[2]
		}
		return clean.JoinPath("jobs", id)
	}
	if dir, last := path.Split(clean.Path); last == "plan" && path.Base(path.Dir(path.Clean(dir))) == "jobs" {
		clean.Path, clean.RawPath = path.Clean(dir), ""
	}
	return &clean
}

func get(ctx context.Context, u *url.URL) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, errors.New("not a URL that can be asked")
	}
	request.Header.Set("Accept", "application/json, application/yaml")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		if failed, ok := errors.AsType[*url.Error](err); ok {
			err = failed.Err // without the URL
		}
		return nil, err
	}
	defer response.Body.Close()
	data, err := io.ReadAll(io.LimitReader(response.Body, jobBytes+1))
	switch {
	case response.StatusCode == http.StatusNotFound:
		return nil, errors.New("there is no such job; /jobs lists those that there are")
	case response.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("the server says %s", response.Status)
	case err != nil:
		return nil, err
	case len(data) > jobBytes:
		return nil, fmt.Errorf("the answer has more than %d bytes, which no description of a job has", jobBytes)
	}
	return data, nil
}
