package fault

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"text/scanner"

	"github.com/cairnstate/cairn/storage/internal/around"
)

func (p *parser) or() Where {
	places := []Where{p.and()}
	for p.take("|") {
		places = append(places, p.and())
	}
	return Or(places...)
}

func (p *parser) and() Where {
	places := []Where{p.atom()}
	for p.take("&") {
		places = append(places, p.atom())
	}
	return And(places...)
}

func (p *parser) atom() Where {
	switch {
	case p.take("!"):
		return Not(p.atom())
	case p.take("("):
		place := p.or()
		p.expect(")")
		return place
	}
	name := p.text
	if p.token != scanner.Ident {
		p.complain("%q is no place", name)
		return Any()
	}
	p.next()
	if slices.Contains(around.Ops(), Op(name)) {
		return isOp(name)
	}
	if name == "any" {
		return Any()
	}
	p.expect("(")
	defer p.expect(")")
	return p.function(name)
}

func (p *parser) function(name string) Where {
	switch name {
	case "key":
		return p.key()
	case "nth":
		return nth(number(p, positive))
	case "every":
		return every(number(p, positive))
	case "after":
		return after(number(p, natural))
	case "chance":
		return chance(number(p, probability))
	}
	p.complain("%q is no place", name)
	return Any()
}

func (p *parser) key() Where {
	pattern, err := strconv.Unquote(p.text)
	if err != nil {
		p.complain("a key is a regular expression in quotes")
		return Any()
	}
	re, err := regexp.Compile(pattern)
	if err != nil {
		p.complain("%w", err)
		return Any()
	}
	p.next()
	return isKey{re}
}

func number[N any](p *parser, parse func(string) (N, error)) N {
	n, err := parse(p.text)
	if err != nil {
		p.complain("%w", err)
		return n
	}
	p.next()
	return n
}

func positive(text string) (int, error) {
	n, err := strconv.Atoi(text)
	if err == nil && n < 1 {
		err = fmt.Errorf("%d where a number from 1 on was expected", n)
	}
	return n, err
}

func natural(text string) (int64, error) {
	n, err := strconv.ParseUint(text, 10, 63)
	return int64(n), err
}

func probability(text string) (float64, error) {
	p, err := strconv.ParseFloat(text, 64)
	if err == nil && !(p >= 0 && p <= 1) {
		err = fmt.Errorf("%s where a number between 0 and 1 was expected", text)
	}
	return p, err
}
