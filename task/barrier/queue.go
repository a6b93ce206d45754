package barrier

// queue is a ring of elements.
type queue[T any] struct {
	ring  []Element[T]
	first int // place of the oldest
	len   int
	space chan struct{} // a place has become free
}

func newQueue[T any](capacity int) queue[T] {
	return queue[T]{ring: make([]Element[T], capacity), space: make(chan struct{}, 1)}
}

func (q *queue[T]) push(e Element[T]) (fits bool) {
	if q.len == len(q.ring) {
		return false
	}
	q.ring[(q.first+q.len)%len(q.ring)] = e
	q.len++
	return true
}

func (q *queue[T]) pop() Element[T] {
	e := q.ring[q.first]
	q.ring[q.first] = Element[T]{} // so that it does not live on
	q.first = (q.first + 1) % len(q.ring)
	q.len--
	signal(q.space)
	return e
}

func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
