package house

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// rooms is the plan of the house: what each package may import of ours. Commands
// and tests of the whole may import all; nothing else may import them.
func rooms() map[string]Room {
	backend := Room{May: []string{"storage/backend", "storage/internal/cause", "storage/internal/param", "storage/internal/readonly"}, Why: "a backend keeps bytes, and knows nothing of checkpoints or of other backends"}
	wrapper := Room{May: []string{"storage/backend", "storage/internal/around", "storage/internal/spans"}, Why: "a wrapper changes one thing about any backend, and knows none"}
	attic := Room{May: []string{"*"}}
	return map[string]Room{
		"checkpoint":          {Why: "values stand on nothing, so that everyone can speak of them"},
		"checkpoint/metadata": {May: []string{"checkpoint"}, Why: "the codec turns bytes into values; where bytes come from is not its business"},

		"storage/backend":           {Why: "the contract of five verbs must fit in a stranger's head"},
		"storage/fs":                backend,
		"storage/s3":                {May: append([]string{"storage/internal/lanes"}, backend.May...), Why: backend.Why},
		"storage/gcs":               backend,
		"storage/cdk":               {May: append([]string{"storage/readonly"}, backend.May...), Why: "gocloud's drivers have no door of their own, so the wrapper is what keeps them from writing"},
		"storage/azure":             {May: append([]string{"storage/cdk", "storage/readonly"}, backend.May...), Why: "it is storage/cdk with the names that Flink has for Azure, and a door of its own"},
		"storage/mem":               backend,
		"storage/storagetest":       backend,
		"storage/internal/param":    {Why: "it reads the parameters of a URI, for any backend"},
		"storage/internal/cause":    {Why: "it shortens the errors of SDKs, for any backend"},
		"storage/internal/readonly": {May: []string{"storage/backend"}, Why: "it is the last door of any backend that speaks HTTP"},
		"storage/internal/lanes":    {Why: "a request knows its server, and not what it is a store of"},
		"storage/internal/spans":    {Why: "how many bytes there are does not depend on whose they are"},
		"storage/internal/around":   {May: []string{"storage/backend", "storage/internal/spans"}, Why: "it sees the calls of any backend, and does nothing about them itself"},
		"storage/internal/powers":   {May: []string{"storage/backend"}, Why: "it asks what a wrapper forgot, whichever it is"},
		"storage/readonly":          wrapper,
		"storage/fault":             wrapper,
		"storage/trace":             wrapper,
		"storage/limit":             wrapper,
		"storage/meter":             wrapper,
		"storage/retry":             wrapper,
		"storage/prefix":            wrapper,
		"storage/stack":             {May: []string{"storage/backend", "storage/limit", "storage/meter", "storage/retry", "storage/trace"}, Why: "it knows the order of the wrappers, and nothing of what they wrap"},
		"storage":                   {May: []string{"checkpoint", "storage/backend", "storage/internal/spans"}, Why: "it gives bytes of any backend their meaning, and links none"},

		"job":               {May: []string{"checkpoint"}, Why: "a job is described without knowing what will be restored into it"},
		"job/configuration": {Why: "keys and values are read without knowing what they decide"},
		"job/checkpointing": {May: []string{"checkpoint", "job/configuration"}, Why: "how a job is checkpointed does not depend on which job it is"},
		"job/stream":        {May: []string{"checkpoint", "job", "job/checkpointing", "job/configuration"}, Why: "what a user writes down knows nothing of what is deployed"},
		"job/jobgraph":      {May: []string{"checkpoint", "job", "job/checkpointing", "job/stream"}, Why: "it translates what is written down, and reads no configuration"},

		"restore": {May: []string{"checkpoint", "job"}, Why: "it decides, and leaves the doing to the coordinator"},

		"task":          {May: []string{"checkpoint", "storage"}, Why: "who speaks to a coordinator need not link it"},
		"task/state":    {May: []string{"checkpoint", "restore", "storage"}, Why: "state of an operator is the same whoever coordinates"},
		"task/barrier":  {May: []string{"checkpoint", "task"}, Why: "which channel waits for which does not depend on what they bring"},
		"task/program":  {May: []string{"job/stream", "task", "task/state"}, Why: "what an author writes does not depend on what runs it"},
		"task/twophase": {May: []string{"checkpoint", "task/program", "task/state"}, Why: "what a transaction is, the world outside decides"},
		"task/local":    {May: []string{"checkpoint", "coordinator", "coordinator/completed", "coordinator/durable", "coordinator/sweep", "coordinator/plan", "coordinator/work", "execution", "job", "job/checkpointing", "job/jobgraph", "job/stream", "restore", "storage", "task", "task/barrier", "task/program", "task/state"}, Why: "it runs programs, and is run by nobody but them"},
		"task/filesink": {May: []string{"storage/backend", "task/twophase"}, Why: "a sink knows no checkpoints, only when it is to commit"},

		"coordinator": {May: []string{"checkpoint", "checkpoint/metadata", "job", "job/checkpointing", "restore", "storage", "task",
			"coordinator/cleaner", "coordinator/completed", "coordinator/failure", "coordinator/masterhook", "coordinator/operator", "coordinator/pending", "coordinator/plan", "coordinator/request", "coordinator/sharedstate", "coordinator/statistics", "coordinator/work"},
			Why: "it coordinates what the floors below decide and keep; commands stand above it"},
		"coordinator/work":             {Why: "time and goroutines are the same for whatever is done with them"},
		"coordinator/cleaner":          {May: []string{"coordinator/work"}, Why: "it runs deletions, and knows nothing of what is deleted"},
		"coordinator/completed":        {May: []string{"checkpoint", "storage", "coordinator/sharedstate"}, Why: "a store of completed checkpoints does not restore them"},
		"coordinator/failure":          {May: []string{"checkpoint"}, Why: "who counts failures does not fail anything"},
		"coordinator/pending":          {May: []string{"checkpoint", "job", "task", "coordinator/plan"}, Why: "it takes down what is said, and says nothing itself"},
		"coordinator/plan":             {May: []string{"checkpoint", "job", "task"}, Why: "who takes part follows from what runs, and from nothing that happened before"},
		"coordinator/request":          {May: []string{"checkpoint", "coordinator/completed"}, Why: "whose turn it is depends on what is told, and what is asked for is a completed checkpoint"},
		"coordinator/masterhook":       {May: []string{"checkpoint"}, Why: "a hook knows its own state and nothing else"},
		"coordinator/operator":         {May: []string{"checkpoint", "coordinator/work", "task"}, Why: "events wait for checkpoints, whoever takes those"},
		"coordinator/sharedstate":      {May: []string{"checkpoint"}, Why: "who shares which file is a matter of values"},
		"coordinator/statistics":       {May: []string{"checkpoint", "task"}, Why: "who counts does not act"},
		"coordinator/statistics/rest":  {May: []string{"checkpoint", "coordinator/statistics"}, Why: "the words of Flink's REST API are for who asks, not for who counts"},
		"coordinator/statistics/meter": {May: []string{"coordinator/statistics"}, Why: "who exports metrics links their API, and nobody else"},
		"coordinator/durable":          {May: []string{"checkpoint", "checkpoint/metadata", "storage", "storage/backend", "coordinator/completed", "coordinator/sharedstate", "coordinator/work"}, Why: "it keeps what a coordinator must not forget, and coordinates nothing"},
		"coordinator/sweep":            {May: []string{"checkpoint", "checkpoint/metadata", "storage", "coordinator/completed", "coordinator/sharedstate"}, Why: "it clears away before there is anything to coordinate"},

		"execution": {May: []string{"checkpoint", "job", "job/checkpointing", "job/jobgraph", "restore", "storage", "task",
			"coordinator", "coordinator/completed", "coordinator/masterhook", "coordinator/operator", "coordinator/plan", "coordinator/request", "coordinator/work"},
			Why: "it runs what the coordinator takes checkpoints of; how tasks run it leaves to a deployer"},

		"cmd/cairn":                                     attic,
		"integration":                                   attic,
		"integration/interop":                           attic,
		"integration/interop/cmd/benchflink":            attic,
		"integration/interop/internal/dump":             attic,
		"integration/interop/internal/oracle":           {Why: "it speaks to Flink, and says nothing of its own"},
		"integration/interop/internal/javaprogram":      {Why: "what runs Flink is built the same way, whatever it is asked"},
		"integration/interop/internal/random":           attic,
		"integration/faults":                            attic,
		"integration/servers":                           {Why: "servers are strangers: what starts them must not share our mistakes"},
		"integration/wordcount":                         attic,
		"integration/interop/assign":                    attic,
		"integration/interop/circle":                    attic,
		"integration/interop/circle/internal/flink":     attic,
		"integration/interop/jobgraph":                  attic,
		"integration/interop/jobgraph/internal/program": attic,
		"integration/interop/assign/race":               attic,
		"integration/interop/assign/record":             attic,
		"integration/interop/registry/race":             attic,
		"integration/interop/assign/internal/excuse":    attic,
		"integration/interop/assign/internal/feature":   attic,
		"integration/interop/assign/internal/judge":     attic,
		"integration/interop/assign/internal/cluster":   attic,
		"integration/interop/assign/internal/pairs":     attic,
		"integration/interop/assign/internal/shrink":    attic,
		"internal/scenario":                             {May: []string{"checkpoint", "checkpoint/metadata", "storage", "storage/backend"}, Why: "it plays what a job does on any store, and breaks none itself"},
		"internal/simulation":                           attic,
		"internal/simulation/cmd/simulate":              attic,
		"internal/verdict":                              {May: []string{"checkpoint", "checkpoint/metadata", "job", "restore"}, Why: "it writes down what restore decides, for those who compare"},
		"internal/house":                                {Why: "whoever judges the house does not live in it"},
	}
}

// deciders are the rooms that no cloud may come into. Whoever imports storage,
// or any backend but the cloud's own, links no SDK.
var deciders = []string{
	"checkpoint", "checkpoint/metadata", "job", "job/jobgraph", "restore", "coordinator", "coordinator/durable", "coordinator/sweep", "execution",
	"storage", "storage/backend", "storage/fs", "storage/mem", "storage/storagetest",
	"storage/fault", "storage/limit", "storage/meter", "storage/prefix", "storage/readonly", "storage/retry", "storage/stack", "storage/trace",
}

var clouds = []string{
	"github.com/aws/aws-sdk-go-v2", "cloud.google.com/go/storage", "gocloud.dev", "google.golang.org/grpc",
}

// root returns the directory of our go.mod.
func root(t *testing.T) string {
	t.Helper()
	return filepath.Dir(goEnv(t, "GOMOD"))
}

func goEnv(t *testing.T, name string) string {
	t.Helper()
	out, err := exec.Command("go", "env", name).Output()
	if err != nil {
		t.Fatalf("go env %s: %v", name, err)
	}
	return strings.TrimSpace(string(out))
}

// hear fails the test for each complaint.
func hear(t *testing.T, complaints []Complaint, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	for _, complaint := range complaints {
		t.Error(complaint)
	}
}

func TestHouse(t *testing.T) {
	packages, err := Packages(root(t))
	if err != nil {
		t.Fatal(err)
	}
	if len(packages) < len(rooms())/2 {
		t.Fatalf("found %d packages at %s; that is not the whole house", len(packages), root(t))
	}
	t.Run("arrows point down", func(t *testing.T) {
		hear(t, Arrows(packages, rooms()), nil)
	})
	t.Run("deciders link no cloud", func(t *testing.T) {
		hear(t, Links(packages, deciders, clouds), nil)
	})
	t.Run("each package introduces itself", func(t *testing.T) {
		complaints, err := Introductions(packages)
		hear(t, complaints, err)
	})
	t.Run("each dependency has its reason", func(t *testing.T) {
		list, err := os.Open("dependencies.txt")
		if err != nil {
			t.Fatal(err)
		}
		defer list.Close()
		complaints, err := Dependencies(packages, list)
		hear(t, complaints, err)
	})
}

// Examples are modules of their own, which the plan of the house does not see.
func TestExamples(t *testing.T) {
	modules, err := filepath.Glob(filepath.Join(root(t), "examples", "*", "go.mod"))
	if err != nil || len(modules) == 0 {
		t.Fatalf("found no examples: %v", err)
	}
	for _, module := range modules {
		t.Run(filepath.Base(filepath.Dir(module)), func(t *testing.T) {
			packages, err := Packages(filepath.Dir(module))
			if err != nil || len(packages) == 0 {
				t.Fatalf("found no packages: %v", err)
			}
			complaints, err := Introductions(packages)
			hear(t, complaints, err)
			complaints, err = Strangers(packages, "github.com/cairnstate/cairn")
			hear(t, complaints, err)
		})
	}
}

func TestNoFileKnowsThisMachine(t *testing.T) {
	own := OwnFolders(root(t), goEnv(t, "GOMODCACHE"), goEnv(t, "GOCACHE"))
	complaints, err := MachinePaths(root(t), own)
	hear(t, complaints, err)
}

func TestPagesQuoteCode(t *testing.T) {
	complaints, err := Quotes(root(t))
	hear(t, complaints, err)
}

func TestPagesPointAtWhatIsThere(t *testing.T) {
	complaints, err := DeadLinks(root(t))
	hear(t, complaints, err)
}
