package lanes

import (
	"context"
	"net"
	"testing"
	"time"
)

// What is handed to somebody at the moment in which he leaves the queue goes on to the
// next, whether it is a lane or the right to open one.
func TestLeavingWithSomethingInHand(t *testing.T) {
	for name, hand := range map[string]func(*pool, *lane){
		"a lane":  func(p *pool, l *lane) { p.put(l) },
		"a right": func(p *pool, l *lane) { p.drop(l) },
	} {
		t.Run(name, func(t *testing.T) {
			near, far := net.Pipe()
			defer far.Close()
			p := &pool{limit: 1, dial: func(context.Context, string, string) (net.Conn, error) { return near, nil }}
			l, err := p.take(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			_, place := p.ask()
			hand(p, l)
			p.leave(place)
			ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
			defer cancel()
			if _, err := p.take(ctx); err != nil {
				t.Errorf("the next gets nothing: %v", err)
			}
		})
	}
}
