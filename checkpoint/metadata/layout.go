package metadata

// layout tells files of version 3 apart, which changed twice without saying so:
// Flink 1.12 put the index of the subtask into channel state, and Flink 1.15
// sizes and ids into changelogs.
type layout struct {
	earlyChannels  bool
	earlyChangelog bool
}

// layouts returns those that the options allow, in the order to try them in. No
// Flink wrote both early layouts, since changelogs came with 1.14.
func (o DecodeOptions) layouts() []layout {
	first := layout{o.ChannelState == ChannelStateEarly, o.Changelog == ChangelogEarly}
	all := []layout{first}
	if o.ChannelState == ChannelStateAuto && !first.earlyChangelog {
		all = append(all, layout{earlyChannels: true})
	}
	if o.Changelog == ChangelogAuto && !first.earlyChannels {
		all = append(all, layout{earlyChangelog: true})
	}
	return all
}
