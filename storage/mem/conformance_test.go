package mem_test

import (
	"testing"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/mem"
	"github.com/cairnstate/cairn/storage/storagetest"
)

func TestConformance(t *testing.T) {
	shared := new(mem.Backend)
	storagetest.Run(t, func(*testing.T) backend.Backend { return shared })
}
