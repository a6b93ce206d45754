package metadata

import "github.com/cairnstate/cairn/checkpoint"

// The serial version UIDs of the classes. Two of them Java derives from the
// shape of the class; these are what every Flink from 1.16 to 2.x has.
const (
	uidProperties     int64 = 2
	uidCheckpointType int64 = -0x2921B0FCFA51E2C6 // D6DE4F0305AE1D3A
	uidSavepointType  int64 = -0x5F782CF75BA7EB48 // A087D308A45814B8
	uidEnum           int64 = 0

	flinkPackage = "org/apache/flink/runtime/checkpoint/"
)

// javaWriter writes properties as Flink's ObjectOutputStream does, byte for byte.
type javaWriter struct {
	*encoder
	handles  int
	enumBase int // handle of java.lang.Enum, once it is written
}

// member is a field of a class, as its descriptor lists it.
type member struct {
	kind      byte
	name      string
	signature string // of kind L
}

// propertyMembers are in Java's order: booleans first, by name, then objects.
func propertyMembers() []member {
	return []member{
		{kind: 'Z', name: "discardCancelled"}, {kind: 'Z', name: "discardFailed"}, {kind: 'Z', name: "discardFinished"},
		{kind: 'Z', name: "discardSubsumed"}, {kind: 'Z', name: "discardSuspended"}, {kind: 'Z', name: "forced"},
		{kind: 'Z', name: "unclaimed"}, {'L', "checkpointType", "L" + flinkPackage + "SnapshotType;"},
	}
}

func (w *javaWriter) properties(p *checkpoint.Properties) {
	w.u16(javaMagic)
	w.u16(javaVersion)
	if p == nil {
		w.u8(javaNull)
		return
	}
	w.object(classPropertiesName, uidProperties, propertyMembers())
	for _, flag := range []bool{
		p.DiscardCancelled, p.DiscardFailed, p.DiscardFinished, p.DiscardSubsumed, p.DiscardSuspended, p.Forced, p.Unclaimed,
	} {
		w.bool(flag)
	}
	if p.Type.Savepoint {
		w.savepointType(p.Type)
	} else {
		w.checkpointType(p.Type)
	}
}

func (w *javaWriter) checkpointType(t checkpoint.SnapshotType) {
	w.object(classCheckpointType, uidCheckpointType, []member{
		{'L', "name", "Ljava/lang/String;"},
		{'L', "sharingFilesStrategy", "L" + flinkPackage + "SnapshotType$SharingFilesStrategy;"},
	})
	w.text(t.Name)
	w.constant("org.apache.flink.runtime.checkpoint.SnapshotType$SharingFilesStrategy", string(t.Sharing))
}

func (w *javaWriter) savepointType(t checkpoint.SnapshotType) {
	w.object(classSavepointType, uidSavepointType, []member{
		{'L', "formatType", "Lorg/apache/flink/core/execution/SavepointFormatType;"},
		{'L', "name", "Ljava/lang/String;"},
		{'L', "postCheckpointAction", "L" + flinkPackage + "SavepointType$PostCheckpointAction;"},
	})
	w.constant("org.apache.flink.core.execution.SavepointFormatType", string(t.Format))
	w.text(t.Name)
	w.constant("org.apache.flink.runtime.checkpoint.SavepointType$PostCheckpointAction", string(t.Action))
}

// object opens an object: its class, after which its fields follow.
func (w *javaWriter) object(class string, uid int64, members []member) {
	w.u8(javaObj)
	w.class(class, uid, javaPlain, members)
	w.u8(javaNull) // no superclass
	w.handles++    // the object's own
}

func (w *javaWriter) class(name string, uid int64, flags byte, members []member) {
	w.u8(javaClassDesc)
	w.utf(name)
	w.i64(uid)
	w.handles++
	w.u8(flags)
	w.u16(len(members))
	for _, m := range members {
		w.u8(m.kind)
		w.utf(m.name)
		if m.kind == 'L' {
			w.text(m.signature)
		}
	}
	w.u8(javaEndBlock)
}

func (w *javaWriter) text(s string) {
	w.u8(javaString)
	w.utf(s)
	w.handles++
}

// constant writes a constant of an enum. All enums share one superclass, which
// the stream spells out once and refers to from then on.
func (w *javaWriter) constant(class, name string) {
	w.u8(javaEnum)
	w.class(class, uidEnum, javaPlain|javaEnumFlag, nil)
	if w.enumBase == 0 {
		w.enumBase = w.handles
		w.class("java.lang.Enum", uidEnum, javaPlain|javaEnumFlag, nil)
		w.u8(javaNull)
	} else {
		w.u8(javaReference)
		w.i32(int32(javaBaseHandle + w.enumBase))
	}
	w.handles++
	w.text(name)
}
