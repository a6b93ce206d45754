package metadata

import "github.com/cairnstate/cairn/checkpoint"

// The properties end a file of version 4 and later. Flink writes them as a Java
// object stream of its own: see javastream.go for what is read of it. Fields are
// found by name, so that another version of the classes can be read too.

const (
	classPropertiesName = "org.apache.flink.runtime.checkpoint.CheckpointProperties"
	classCheckpointType = "org.apache.flink.runtime.checkpoint.CheckpointType"
	classSavepointType  = "org.apache.flink.runtime.checkpoint.SavepointType"
)

// properties returns the properties, nil if the file says so, and the bytes that
// they were read from.
func (d *decoder) properties() ([]byte, *checkpoint.Properties) {
	d.enter("properties")
	defer d.leave()
	start := d.off
	r := &javaReader{decoder: d}
	root := r.root()
	if d.err != nil {
		return nil, nil
	}
	blob := d.data[start:d.off:d.off]
	if root == nil {
		return blob, nil
	}
	o, ok := root.(*object)
	if !ok || o.class == nil || o.class.name != classPropertiesName {
		d.corrupt("the Java stream holds something else")
		return nil, nil
	}
	return blob, d.flinkProperties(o)
}

func (d *decoder) flinkProperties(o *object) *checkpoint.Properties {
	return &checkpoint.Properties{
		Type:             d.snapshotType(o),
		Forced:           o.flags["forced"],
		DiscardSubsumed:  o.flags["discardSubsumed"],
		DiscardFinished:  o.flags["discardFinished"],
		DiscardCancelled: o.flags["discardCancelled"],
		DiscardFailed:    o.flags["discardFailed"],
		DiscardSuspended: o.flags["discardSuspended"],
		Unclaimed:        o.flags["unclaimed"],
	}
}

func (d *decoder) snapshotType(properties *object) checkpoint.SnapshotType {
	o, ok := properties.values["checkpointType"].(*object)
	if !ok || o.class == nil {
		d.corrupt("the type of the snapshot is missing")
		return checkpoint.SnapshotType{}
	}
	name, _ := o.values["name"].(string)
	switch o.class.name {
	case classCheckpointType:
		return checkpoint.SnapshotType{
			Name:    name,
			Sharing: checkpoint.SharingFilesStrategy(o.constant("sharingFilesStrategy")),
		}
	case classSavepointType:
		return checkpoint.SnapshotType{
			Name: name, Savepoint: true, Sharing: checkpoint.NoSharing,
			Format: checkpoint.SavepointFormat(o.constant("formatType")),
			Action: checkpoint.PostCheckpointAction(o.constant("postCheckpointAction")),
		}
	}
	d.corrupt("snapshots of type %q are not known", o.class.name)
	return checkpoint.SnapshotType{}
}

func (o *object) constant(field string) string {
	c, _ := o.values[field].(constant)
	return string(c)
}

// properties writes the blob as long as it says the same as p.
func (e *encoder) properties(p *checkpoint.Properties, blob []byte) {
	e.enter("properties")
	defer e.leave()
	if saysTheSame(blob, p) {
		e.bytes(blob)
		return
	}
	w := &javaWriter{encoder: e}
	w.properties(p)
}

func saysTheSame(blob []byte, p *checkpoint.Properties) bool {
	d := &decoder{data: blob, mem: newMemory(len(blob))}
	_, said := d.properties()
	if d.err != nil || d.left() > 0 || (said == nil) != (p == nil) {
		return false
	}
	return p == nil || *said == *p
}
