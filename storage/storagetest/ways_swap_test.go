package storagetest_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"sync"

	"github.com/cairnstate/cairn/storage/backend"
)

func swapWays() map[string]ways {
	return map[string]ways{
		"a swap replaces only what was seen": {
			"it replaces whatever is there": func(h *hooks) {
				h.swap = func(ctx context.Context, key, _ string, data []byte) (string, error) {
					info, _ := h.Backend.Stat(ctx, key)
					return h.Through.Swap(ctx, key, info.Version, data)
				}
			},
			"from absent it replaces": func(h *hooks) {
				h.swap = func(ctx context.Context, key, old string, data []byte) (string, error) {
					if info, err := h.Backend.Stat(ctx, key); err == nil && old == "" {
						old = info.Version
					}
					return h.Through.Swap(ctx, key, old, data)
				}
			},
		},
		"a swap has one winner": {
			"it looks, and then writes": func(h *hooks) {
				all := &meeting{expected: 8}
				h.swap = func(ctx context.Context, key, old string, data []byte) (string, error) {
					info, _ := h.Backend.Stat(ctx, key)
					all.wait()
					if info.Version != old {
						return "", fail("swap", key, backend.ErrChanged)
					}
					err := publish(h.Backend, key, data, nil)
					return "new", err
				}
			},
		},
		"equal contents have different versions": {
			"a version is a hash": hashedVersions,
		},
		"of swaps to what is there already one wins": {
			"a version is a hash": hashedVersions,
		},
	}
}

func hashedVersions(h *hooks) {
	h.swap = func(_ context.Context, key, old string, data []byte) (string, error) {
		if exists(h.Backend, key) && old != hash(content(h.Backend, key)) {
			return "", fail("swap", key, backend.ErrChanged)
		}
		return hash(data), publish(h.Backend, key, data, nil)
	}
}

func hash(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// meeting lets those who wait go on when all are there.
type meeting struct {
	expected int

	mu      sync.Mutex
	present int
	open    chan struct{}
}

func (m *meeting) wait() {
	m.mu.Lock()
	if m.present == 0 {
		m.open = make(chan struct{})
	}
	open := m.open
	if m.present++; m.present == m.expected {
		m.present = 0
		close(open)
	}
	m.mu.Unlock()
	<-open
}

func limitWays() map[string]ways {
	return map[string]ways{
		"what is beyond a limit is refused, or kept whole": {
			"a longer name is cut": func(h *hooks) {
				h.limits = backend.Limits{MaxElement: 100}
				renaming(h, func(key string) string { return key[:min(len(key), 120)] })
			},
			"a larger object is cut": func(h *hooks) {
				h.limits = backend.Limits{MaxObject: 1000}
				commitWith(h, func(key string, data []byte, opts *backend.CreateOptions) error {
					return publish(h.Backend, key, data[:min(len(data), 1000)], opts)
				})
			},
		},
		"what does not swap refuses to": {
			"it swaps after all": func(h *hooks) { h.limits = backend.Limits{NoSwap: true} },
		},
		"opened for reading alone, nothing is written": {
			"deleting pretends to": func(h *hooks) {
				h.limits = backend.Limits{ReadOnly: true}
				h.delete = func(context.Context, string) error { return nil }
			},
			"a writer is given": func(h *hooks) { h.limits = backend.Limits{ReadOnly: true} },
		},
	}
}
