package metadata

// A reader for the little of Java's object serialization that Flink's
// CheckpointProperties need: objects, enums, strings and references, with fields
// by name. It makes nothing but the values below, whatever classes the stream
// names, and refuses all else: arrays, class objects, custom writeObject data.

// The tokens of a stream.
const (
	javaMagic     = 0xACED
	javaVersion   = 5
	javaNull      = 0x70
	javaReference = 0x71
	javaClassDesc = 0x72
	javaObj       = 0x73
	javaString    = 0x74
	javaEndBlock  = 0x78
	javaEnum      = 0x7E

	javaBaseHandle = 0x7E0000 // references count from here
	javaPlain      = 0x02     // flag of a serializable class without custom data
	javaEnumFlag   = 0x10
)

// What a stream may ask of the reader. Properties have 12 handles, 8 fields, and
// are 3 deep.
const (
	maxJavaHandles = 64
	maxJavaFields  = 64
	maxJavaDepth   = 8
)

// class is a class descriptor: what fields its objects have.
type class struct {
	name   string
	fields []field
	parent *class
}

type field struct {
	kind byte // Z boolean, L object, and Java's letters for the other primitives
	name string
}

// object is an instance of a class: its booleans, and its other values, which
// are nil, string, constant or *object.
type object struct {
	class  *class
	flags  map[string]bool
	values map[string]any
}

// constant is a constant of an enum.
type constant string

// javaReader reads one object stream.
type javaReader struct {
	*decoder
	handles []any // in order of appearance, for references
	fields  int
	nested  int
}

// root reads the head of the stream and the one value that is in it.
func (r *javaReader) root() any {
	if r.u16() != javaMagic || r.u16() != javaVersion {
		r.corrupt("there is no Java object stream")
	}
	return r.value()
}

func (r *javaReader) value() any {
	r.nested++
	defer func() { r.nested-- }()
	if r.nested > maxJavaDepth {
		r.corrupt("objects nested more than %d deep in Java stream", maxJavaDepth)
		return nil
	}
	switch token := r.u8(); token {
	case javaNull:
		return nil
	case javaReference:
		return r.reference()
	case javaString:
		return r.text()
	case javaObj:
		return r.object()
	case javaEnum:
		return r.enum()
	default:
		r.unexpected("value", token)
		return nil
	}
}

func (r *javaReader) unexpected(where string, token byte) {
	r.off = max(0, r.off-1)
	r.corrupt("token %02x for a %s in Java stream", token, where)
}

// remember gives the next handle to a value, and returns the handle's number.
func (r *javaReader) remember(v any) int {
	if len(r.handles) == maxJavaHandles {
		r.corrupt("more than %d things in Java stream", maxJavaHandles)
		return len(r.handles) - 1
	}
	r.handles = append(r.handles, v)
	return len(r.handles) - 1
}

func (r *javaReader) reference() any {
	n := int(r.i32()) - javaBaseHandle
	if r.err != nil || n < 0 || n >= len(r.handles) {
		r.corrupt("reference to thing %d of %d in Java stream", n, len(r.handles))
		return nil
	}
	return r.handles[n]
}

func (r *javaReader) text() string {
	s := r.utf()
	r.remember(s)
	return s
}

func (r *javaReader) enum() constant {
	r.class()
	slot := r.remember(nil)
	name, _ := r.value().(string)
	r.handles[slot] = constant(name)
	return constant(name)
}

func (r *javaReader) object() *object {
	o := &object{class: r.class(), flags: map[string]bool{}, values: map[string]any{}}
	r.remember(o)
	for _, c := range r.lineage(o.class) {
		for _, f := range c.fields {
			r.field(o, f)
		}
	}
	return o
}

// lineage returns the class and its ancestors, the oldest first, which is how
// their fields stand in the stream.
func (r *javaReader) lineage(c *class) []*class {
	var line []*class
	for ; c != nil; c = c.parent {
		if len(line) == maxJavaDepth {
			r.corrupt("class %q has more than %d ancestors in Java stream", c.name, maxJavaDepth)
			return nil
		}
		line = append([]*class{c}, line...)
	}
	return line
}

func (r *javaReader) field(o *object, f field) {
	if r.err != nil {
		return
	}
	switch f.kind {
	case 'L':
		o.values[f.name] = r.value()
	case 'Z':
		o.flags[f.name] = r.u8() != 0
	case 'B':
		r.bytes(1)
	case 'C', 'S':
		r.bytes(2)
	case 'I', 'F':
		r.bytes(4)
	case 'J', 'D':
		r.bytes(8)
	default:
		r.corrupt("field %q of unsupported type %q in Java stream", f.name, f.kind)
	}
}

// class reads a class descriptor; nil if there is none. Serial version UIDs are
// read over: fields are known by name.
func (r *javaReader) class() *class {
	switch token := r.u8(); token {
	case javaNull:
		return nil
	case javaReference:
		c, _ := r.reference().(*class)
		return c
	case javaClassDesc:
		return r.newClass()
	default:
		r.unexpected("class", token)
		return nil
	}
}

func (r *javaReader) newClass() *class {
	r.nested++
	defer func() { r.nested-- }()
	if r.nested > maxJavaDepth {
		r.corrupt("classes nested more than %d deep in Java stream", maxJavaDepth)
		return nil
	}
	c := &class{name: r.utf()}
	r.i64() // serial version UID
	r.remember(c)
	if flags := r.u8(); flags&^javaEnumFlag != javaPlain {
		r.corrupt("class %q of unsupported kind %02x in Java stream", c.name, flags)
		return nil
	}
	c.fields = r.fieldList()
	if token := r.u8(); token != javaEndBlock {
		r.unexpected("end of class", token)
	}
	c.parent = r.class()
	return c
}

func (r *javaReader) fieldList() []field {
	n := r.u16()
	if r.fields += n; r.fields > maxJavaFields {
		r.corrupt("more than %d fields in Java stream", maxJavaFields)
		return nil
	}
	list := make([]field, n)
	for i := range list {
		list[i] = field{kind: r.u8(), name: r.utf()}
		if list[i].kind == 'L' || list[i].kind == '[' {
			r.value() // the name of the type
		}
	}
	return list
}
