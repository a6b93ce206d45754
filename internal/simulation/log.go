package simulation

import "log/slog"

// logger tells the coordinator's own story, if one is told at all.
func (l *leader) logger() *slog.Logger {
	if l.world.story.to == nil {
		return nil
	}
	return slog.New(slog.NewTextHandler(&logLines{l}, &slog.HandlerOptions{Level: slog.LevelDebug, ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey || a.Key == slog.LevelKey {
			return slog.Attr{}
		}
		return a
	}}))
}

type logLines struct{ of *leader }

func (l *logLines) Write(line []byte) (int, error) {
	l.of.world.story.note(l.of.world.now, l.of.process, line)
	return len(line), nil
}
