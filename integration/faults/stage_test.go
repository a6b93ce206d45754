package faults_test

import (
	"fmt"
	"os"
	"time"

	"github.com/cairnstate/cairn/internal/scenario"
	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/retry"
	"github.com/cairnstate/cairn/storage/stack"
)

// scene is a play, how many bytes of its state are in the metadata, of which 0 is a few,
// and which faults it meets.
type scene struct {
	scenario.Play
	inline int
	kinds  []kind
}

// scenes are all plays; and once more those that publish, with metadata that is too
// large for one request. They meet the core kinds, or all if the environment asks for
// them; but a race in parts is long, and lost in few ways that are new.
func (s *service) scenes() []scene {
	asked := core()
	if os.Getenv("CAIRN_FAULTS") == "all" {
		asked = kinds()
	}
	var scenes []scene
	for _, play := range scenario.Plays() {
		scenes = append(scenes, scene{Play: play, kinds: asked})
		switch play.Name += " in parts"; play.Name {
		case "publish in parts":
			scenes = append(scenes, scene{play, s.large, asked})
		case "race in parts":
			scenes = append(scenes, scene{play, s.large, core()})
		}
	}
	return scenes
}

// stage is where one case takes place: each has a directory of its own.
type stage struct {
	service *service
	scene   scene
	number  int64
}

func (s *service) stage(play scene) stage { return stage{s, play, s.places.Add(1)} }

func (s stage) place(open func() (backend.Backend, error)) scenario.Place {
	at := place(open)
	at.Base, at.Large, at.Inline = fmt.Sprintf(s.service.base, s.number), s.service.large, s.scene.inline
	return at
}

// direct is the place as who comes later finds it.
func (s stage) direct() scenario.Place {
	return s.place(func() (backend.Backend, error) { return lasting{backend.Through{Backend: s.service.sound}}, nil })
}

// lasting is a backend that more than one has.
type lasting struct{ backend.Through }

func (lasting) Close() error { return nil }

// through is the place through a proxy, with the stack of wrappers.
func (s stage) through(b *breaker) scenario.Place {
	options := &retry.Options{Attempts: 3, FirstPause: time.Millisecond, LongestPause: 4 * time.Millisecond}
	if b.kind.name == "stall" {
		options.Progress = stalled / 3
	}
	return s.place(func() (backend.Backend, error) {
		opened, err := s.service.open(b.server.URL)
		if err != nil {
			return nil, err
		}
		return stack.Wrap(opened, s.service.name, &stack.Options{Retry: options})
	})
}
