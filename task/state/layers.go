package state

import "sync/atomic"

// layers are a map that can be frozen at once, however large it is: what is frozen is
// not changed any more, and changes go into a new layer on top. When nobody reads the
// lowest layer any more the one above it is folded into it.
//
// All methods are for the owner; a view that freeze returned is for another goroutine.
type layers[K comparable, V any] struct {
	stack  []*layer[K, V] // the lowest first; the last one is written to
	groups int
}

type layer[K comparable, V any] struct {
	groups  []map[K]entry[V] // by group; nil where there is nothing
	used    bool
	readers atomic.Int32
}

type entry[V any] struct {
	value   V
	deleted bool // hides what is below
}

func newLayers[K comparable, V any](groups int) *layers[K, V] {
	l := &layers[K, V]{groups: groups}
	l.push()
	return l
}

func (l *layers[K, V]) push() {
	l.stack = append(l.stack, &layer[K, V]{groups: make([]map[K]entry[V], l.groups)})
}

func (l *layers[K, V]) top() *layer[K, V] { return l.stack[len(l.stack)-1] }

func (l *layers[K, V]) get(group int, key K) (V, bool) {
	e, ok := lookUp(l.stack, group, key)
	return e.value, ok && !e.deleted
}

// lookUp returns what the highest layer says that says anything.
func lookUp[K comparable, V any](stack []*layer[K, V], group int, key K) (entry[V], bool) {
	for i := len(stack) - 1; i >= 0; i-- {
		if e, ok := stack[i].groups[group][key]; ok {
			return e, true
		}
	}
	return entry[V]{}, false
}

func (l *layers[K, V]) put(group int, key K, value V) {
	l.fold()
	l.top().put(group, key, entry[V]{value: value})
}

func (l *layers[K, V]) delete(group int, key K) {
	l.fold()
	if len(l.stack) == 1 {
		delete(l.top().groups[group], key)
		return
	}
	l.top().put(group, key, entry[V]{deleted: true})
}

func (l *layer[K, V]) put(group int, key K, e entry[V]) {
	if l.groups[group] == nil {
		l.groups[group] = make(map[K]entry[V])
	}
	l.groups[group][key] = e
	l.used = true
}

// fold makes one layer of the lowest two, as long as nobody reads the lowest. Who reads
// a layer reads those below it too, so nobody reads the other one either.
func (l *layers[K, V]) fold() {
	for len(l.stack) > 1 && l.stack[0].readers.Load() == 0 {
		for group, changes := range l.stack[1].groups {
			l.stack[0].absorb(group, changes)
		}
		l.stack = append(l.stack[:1], l.stack[2:]...)
	}
}

func (l *layer[K, V]) absorb(group int, changes map[K]entry[V]) {
	for key, e := range changes {
		if e.deleted {
			delete(l.groups[group], key)
			continue
		}
		l.put(group, key, e)
	}
}

// freeze returns what is there now. It has to be released.
func (l *layers[K, V]) freeze() *view[K, V] {
	l.fold()
	frozen := l.stack
	if !l.top().used && len(l.stack) > 1 {
		frozen = l.stack[:len(l.stack)-1]
	}
	v := &view[K, V]{stack: append([]*layer[K, V](nil), frozen...)}
	for _, layer := range v.stack {
		layer.readers.Add(1)
	}
	if len(frozen) == len(l.stack) {
		l.push()
	}
	return v
}

// view is what was there at some time.
type view[K comparable, V any] struct{ stack []*layer[K, V] }

// each yields the entries of a group, in no order, until one fails.
func (v *view[K, V]) each(group int, yield func(K, V) error) error {
	for i := len(v.stack) - 1; i >= 0; i-- {
		for key, e := range v.stack[i].groups[group] {
			if _, hidden := lookUp(v.stack[i+1:], group, key); e.deleted || hidden {
				continue
			}
			if err := yield(key, e.value); err != nil {
				return err
			}
		}
	}
	return nil
}

// release lets the owner change again what was frozen. It is called once.
func (v *view[K, V]) release() {
	for _, layer := range v.stack {
		layer.readers.Add(-1)
	}
	v.stack = nil
}
