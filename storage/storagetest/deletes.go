package storagetest

import (
	"fmt"
)

func deletingChecks() []Check {
	return []Check{
		{Topic: "deleting", Name: "delete removes one object", run: deleteRemovesOne},
		{Topic: "deleting", Name: "delete of nothing succeeds", run: deleteTwice},
	}
}

func deleteRemovesOne(s *subject) error {
	if err := s.putAll("a/b", "a/b-c", "a/bc/d"); err != nil {
		return err
	}
	if err := s.backend.Delete(s.ctx, s.key("a/b")); err != nil {
		return err
	}
	if err := s.expectAbsent("a/b"); err != nil {
		return err
	}
	if err := s.backend.Delete(s.ctx, s.key("a/bc")); err != nil {
		return fmt.Errorf("deleting a directory's name, which is no object: %w", err)
	}
	return s.expectList("", "a/b-c", "a/bc/d")
}

func deleteTwice(s *subject) error {
	if err := s.put("object", []byte("x")); err != nil {
		return err
	}
	for range 2 {
		if err := s.backend.Delete(s.ctx, s.key("object")); err != nil {
			return err
		}
	}
	return s.backend.Delete(s.ctx, s.key("never/was"))
}
