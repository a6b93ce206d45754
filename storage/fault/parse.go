package fault

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"text/scanner"
	"unicode"
)

// ErrRecipe says that a text is no recipe of faults.
var ErrRecipe = errors.New("not a recipe of faults")

// Parse reads a recipe, as [Plan.String] writes it. The error is [ErrRecipe], and
// says where and what is wrong.
func Parse(recipe string) (*Plan, error) {
	p := &parser{}
	p.scanner.Init(strings.NewReader(recipe))
	p.scanner.Mode = scanner.ScanIdents | scanner.ScanInts | scanner.ScanFloats | scanner.ScanStrings
	p.scanner.Error = func(_ *scanner.Scanner, says string) { p.complain("%s", says) }
	p.scanner.IsIdentRune = func(r rune, i int) bool { return unicode.IsLetter(r) || i > 0 && r == '-' }
	p.next()
	plan := p.plan()
	if p.err != nil {
		return nil, fmt.Errorf("fault: %w: %q: %w", ErrRecipe, recipe, p.err)
	}
	return plan, nil
}

// parser holds the token that comes next, and the first complaint, after which all
// it does is to come to an end.
type parser struct {
	scanner scanner.Scanner
	token   rune
	text    string
	err     error
}

func (p *parser) next() {
	p.token = p.scanner.Scan()
	p.text = p.scanner.TokenText()
}

func (p *parser) complain(format string, args ...any) {
	if p.err == nil {
		p.err = fmt.Errorf("at column %d: %w", p.scanner.Column, fmt.Errorf(format, args...))
	}
	p.token, p.text = scanner.EOF, ""
}

// take takes the token if it is this one.
func (p *parser) take(text string) bool {
	if p.text != text || p.token == scanner.String {
		return false
	}
	p.next()
	return true
}

func (p *parser) expect(text string) {
	if !p.take(text) {
		p.complain("%q where %q was expected", p.text, text)
	}
}

func (p *parser) plan() *Plan {
	plan := new(Plan)
	if p.take("seed") {
		plan.Seed = number(p, func(text string) (uint64, error) { return strconv.ParseUint(text, 10, 64) })
		if p.token != scanner.EOF {
			p.expect(";")
		}
	}
	for p.token != scanner.EOF {
		fault := Fault{Where: p.or()}
		p.expect(":")
		fault.Effect = p.effect()
		plan.Faults = append(plan.Faults, fault)
		if p.token != scanner.EOF {
			p.expect(";")
		}
	}
	return plan
}

func (p *parser) effect() Effect {
	for _, effect := range Effects() {
		if p.token != scanner.Ident || p.text != string(effect.action) {
			continue
		}
		p.next()
		if effect.action.hasKind() {
			p.expect("(")
			effect.kind = p.kind()
			p.expect(")")
		}
		return effect
	}
	p.complain("%q is no effect", p.text)
	return Effect{}
}

func (p *parser) kind() Kind {
	kind := Kind(p.text)
	if !slices.Contains(Kinds(), kind) {
		p.complain("%q is no kind of error; there are %q", p.text, Kinds())
	}
	p.next()
	return kind
}
