package sharedstate

// atOnce is how many paths are looked for at once: the memory of the next ones is on
// its way while the first are looked at.
const atOnce = 64

// mention is a use whose path is cut up.
type mention struct {
	use
	key
	hash uint32
}

// mentions takes in what a checkpoint mentions, and deals with it in that order, but
// many at a time.
type mentions struct {
	table   *table
	deal    func(*mention) error
	waiting [atOnce]mention
	count   int
	warm    uint64
	err     error // the first; nothing is dealt with any more
}

func (m *mentions) visit(u use) {
	if m.count == atOnce {
		m.flush()
	}
	at := &m.waiting[m.count]
	at.use = u
	if u.kind != kept {
		at.key = m.table.key(u.path)
		at.hash = m.table.hash(at.key)
	}
	m.count++
}

// flush deals with what waits.
func (m *mentions) flush() {
	for i := range m.waiting[:m.count] {
		m.warm ^= m.table.near(m.waiting[i].hash)
	}
	for i := range m.waiting[:m.count] {
		if m.err == nil {
			m.err = m.deal(&m.waiting[i])
		}
	}
	clear(m.waiting[:m.count]) // or the last snapshot would stay in memory
	m.count = 0
	m.table.places.settle()
}

// now deals with one mention before those that wait.
func (m *mentions) now(u use) {
	one := mention{use: u, key: m.table.key(u.path)}
	one.hash = m.table.hash(one.key)
	if err := m.deal(&one); m.err == nil {
		m.err = err
	}
}

// takeError returns the first error and is ready for the next call.
func (m *mentions) takeError() error {
	err := m.err
	m.err = nil
	return err
}
