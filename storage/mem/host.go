package mem

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/cairnstate/cairn/storage/backend"
)

// Host holds stores by name. Its zero value holds none and is ready. It is safe
// for use by many goroutines at once.
type Host struct {
	mu     sync.Mutex
	stores map[string]*Backend // guarded by mu
}

// Store returns the store of the name, made empty at the first call.
func (h *Host) Store(name string) *Backend {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.stores == nil {
		h.stores = make(map[string]*Backend)
	}
	if h.stores[name] == nil {
		h.stores[name] = &Backend{name: name}
	}
	return h.stores[name]
}

// Open is the [backend.Opener] of the host's stores: mem://name is the store of
// that name. It knows no parameters.
func (h *Host) Open(_ context.Context, root backend.Root) (backend.Backend, error) {
	if len(root.Params) > 0 {
		names := slices.Sorted(maps.Keys(root.Params))
		return nil, &backend.Error{Backend: root.Scheme, Op: "configure", Root: fmt.Sprintf("store %q", root.Authority),
			Err: fmt.Errorf("unknown parameter %s: stores in memory have none", strings.Join(names, ", "))}
	}
	return h.Store(root.Authority), nil
}
