package storagetest

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/cairnstate/cairn/storage/backend"
)

func objectChecks() []Check {
	return []Check{
		{Topic: "objects", Name: "what is committed can be read", run: committedIsRead},
		{Topic: "objects", Name: "an empty object is an object", run: emptyObject},
		{Topic: "objects", Name: "what is absent is fs.ErrNotExist", run: absentIsNotExist},
		{Topic: "objects", Name: "a directory is no object", run: directoryIsNoObject},
		{Topic: "objects", Name: "keys may be odd", run: oddKeys},
		{Topic: "objects", Name: "keys may be long", run: longKeys},
	}
}

func committedIsRead(s *subject) error {
	if err := s.put("dir/object", []byte("content")); err != nil {
		return err
	}
	if err := s.expect("dir/object", []byte("content")); err != nil {
		return err
	}
	info, err := s.backend.Stat(s.ctx, s.key("dir/object"))
	if err != nil {
		return named("Stat", err)
	}
	if err := expectInfo("Stat", info, s.key("dir/object"), 7); err != nil {
		return err
	}
	for info, err := range s.backend.List(s.ctx, s.key("dir")) {
		if err != nil {
			return named("List", err)
		}
		return expectInfo("List", info, s.key("dir/object"), 7)
	}
	return errors.New("listing shows nothing")
}

func emptyObject(s *subject) error {
	if err := s.put("empty", nil); err != nil {
		return err
	}
	if err := s.expect("empty", nil); err != nil {
		return err
	}
	for _, opts := range []backend.OpenOptions{{Offset: 1}, {Length: 1}, {Offset: 5, Length: 5}} {
		if got, _, err := s.get("empty", &opts); err != nil || len(got) != 0 {
			return fmt.Errorf("range %+v of an empty object gives %s, %s; want nothing", opts, brief(got), told(err))
		}
	}
	return nil
}

func absentIsNotExist(s *subject) error {
	if err := s.expectAbsent("absent"); err != nil {
		return err
	}
	_, _, err := s.get("absent", &backend.OpenOptions{Offset: 1, Length: 1})
	if !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("opening a range of what is absent gives %s, want fs.ErrNotExist", told(err))
	}
	return nil
}

func directoryIsNoObject(s *subject) error {
	if err := s.put("dir/object", []byte("x")); err != nil {
		return err
	}
	if err := s.expectAbsent("dir"); err != nil {
		return err
	}
	return s.expectAbsent("dir/object/below")
}
