package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
)

func writeVerifyReport(w io.Writer, report *verifyReport, format outputFormat) error {
	if format == outputJSON {
		return writeJSON(w, report)
	}
	heading := []field{{"store", report.URL}, {"verdict", verdict(report)}}
	if len(report.Limits) > 0 {
		heading = append(heading, field{"limits", strings.Join(report.Limits, ", ")})
	}
	if err := writeFields(w, heading...); err != nil {
		return err
	}
	if err := writeTable(w, "PERMISSIONS", permissionTable(report.Permissions)); err != nil {
		return err
	}
	if err := writeTable(w, "PROMISES", promiseTable(report.Promises)); err != nil {
		return err
	}
	if report.Speed == nil {
		return nil
	}
	return writeTable(w, "SPEED", speedTable(report.Speed))
}

func verdict(report *verifyReport) string {
	if no := report.answer(); no != nil {
		return "NO: " + no.Error()
	}
	if report.ReadOnly {
		return fmt.Sprintf("yes, as far as reading can tell (%.0f s)", report.Seconds)
	}
	return fmt.Sprintf("yes, it keeps what checkpoints need (%.0f s)", report.Seconds)
}

func permissionTable(permissions []permissionReport) table.Writer {
	t := newTable("to", "permission", "is", "")
	for _, p := range permissions {
		t.AppendRow(table.Row{p.Verb, p.Permission, strong(p.Status), printable(p.Detail)})
	}
	return t
}

// promiseTable has a row for each topic, and below it one for each check that was
// not kept, with the reason.
func promiseTable(promises []promiseReport) table.Writer {
	t := newTable("about", "is", "")
	for _, p := range promises {
		same := commonDetail(p)
		t.AppendRow(table.Row{p.Topic, strong(p.Status), same})
		if same != "" {
			continue
		}
		for _, check := range p.Checks {
			if check.Status != kept {
				t.AppendRow(table.Row{"  " + check.Name, strong(check.Status), printable(check.Detail)})
			}
		}
	}
	return t
}

// commonDetail returns how many checks were kept, or the one reason that all of
// them have.
func commonDetail(p promiseReport) string {
	for _, check := range p.Checks {
		if check.Status != p.Checks[0].Status || check.Detail != p.Checks[0].Detail || check.Status == broken {
			return ""
		}
	}
	if p.Status != kept {
		return printable(p.Checks[0].Detail)
	}
	said := count(len(p.Checks), "check")
	if p.How != "" {
		said += "; " + p.How
	}
	return said
}

// strong makes what a reader looks for stand out.
func strong(status string) string {
	if status == broken || status == missing {
		return strings.ToUpper(status)
	}
	return status
}

func speedTable(s *speedReport) table.Writer {
	t := newTable("of", "is", "")
	t.AppendRows([]table.Row{
		{"put of 1 KiB", fmt.Sprintf("%.1f ms", s.SmallPut.MedianMs), fmt.Sprintf("95 of 100 within %.1f ms", s.SmallPut.P95Ms)},
		{"get of 1 KiB", fmt.Sprintf("%.1f ms", s.SmallGet.MedianMs), fmt.Sprintf("95 of 100 within %.1f ms", s.SmallGet.P95Ms)},
		{"upload", fmt.Sprintf("%.0f MiB/s", s.UploadMiBps), "one object of " + size(s.LargeBytes)},
		{"download", fmt.Sprintf("%.0f MiB/s", s.DownloadMiBps), "the same object"},
		{"puts", fmt.Sprintf("%.0f /s", s.PutsPerSecond), fmt.Sprintf("%d empty objects, %d at once", s.Keys, putsAtOnce)},
		{"listing", fmt.Sprintf("%.0f keys/s", s.ListedPerSecond), ""},
		{"deleting", fmt.Sprintf("%.0f keys/s", s.DeletedPerSec), "all at once"},
	})
	alignRight(t, 2)
	return t
}
