package sharedstate

// atOnce is how many paths are looked for at once: the memory of the next ones is on
// its way while the first are looked at.
const atOnce = 64

// mention is a use whose path is cut up.
type mention struct {
	use
	key
	hash  uint32
	entry *entry // that has been found already, or nil
}

// mentions takes in what a checkpoint mentions, and deals with it in that order, but
// many at a time.
type mentions struct {
	table   *table
	deal    func(*mention) error
	waiting [atOnce]mention
	count   int
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
		at.hash = m.table.hash(&at.key)
	}
	m.count++
}

// flush deals with what waits.
func (m *mentions) flush() {
	m.look()
	for i := range m.waiting[:m.count] {
		if m.err == nil {
			m.err = m.deal(&m.waiting[i])
		}
	}
	clear(m.waiting[:m.count]) // or the last snapshot would stay in memory
	m.count = 0
	m.table.places.settle()
}

// look finds most of the entries, with many reads at a time: one after the other, each
// would wait for memory.
func (m *mentions) look() {
	var found [atOnce]*entry
	for i := range m.waiting[:m.count] {
		found[i] = m.table.first(m.waiting[i].hash)
	}
	for i, e := range found[:m.count] {
		if e != nil && m.table.is(e, &m.waiting[i].key) {
			m.waiting[i].entry = e
		}
	}
}

// now deals with one mention before those that wait.
func (m *mentions) now(u use) {
	one := mention{use: u, key: m.table.key(u.path)}
	one.hash = m.table.hash(&one.key)
	if err := m.deal(&one); m.err == nil {
		m.err = err
	}
}

// finish deals with the last ones, keeps nothing of the call, and returns its error.
func (m *mentions) finish() error {
	m.flush()
	err := m.err
	m.deal, m.err = nil, nil
	return err
}

// find returns the entry of a mention; nil if there is none.
func (m *mention) find(t *table) *entry {
	if m.entry == nil {
		m.entry = t.find(&m.key, m.hash)
	}
	return m.entry
}
