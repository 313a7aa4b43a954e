"""Runs Pygments' lexers with one search at each place instead of one for each of their rules; the tokens stay the same.

A lexer tries the expressions of its state one after another, and most of them could only say no. Here neighbouring ones
become one expression whose alternatives keep their turn, as soon as a state has been asked often enough to be worth it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from pygments.lexer import Lexer, RegexLexer
from pygments.token import Error, Whitespace, _TokenType

Token = tuple[int, _TokenType, str]
Rule = tuple[Any, Any, Any]
"""What Pygments makes of a rule: the bound `match` of its expression, its action, the state that follows."""

WORTH_JOINING = 1000
"""So many tokens in one state pay for compiling its expressions once more."""

# Switches at the beginning, which among others may stand for their own expression only.
_SWITCHES = re.compile(r"\(\?([ims]+)\)")
_FLAGS = {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL}
# What means another group, or another thing, once groups stand before it.
_COUNTS_GROUPS = re.compile(r"\\[1-9]|\(\?P=|\(\?\(")


def tokens_of(lexer: Lexer, source: str) -> Iterable[Token]:
    """Return what `lexer.get_tokens_unprocessed` returns, sooner where that is Pygments' own loop over rules."""
    lexer_class = type(lexer)
    has_own_loop = lexer_class.get_tokens_unprocessed is not RegexLexer.get_tokens_unprocessed
    # Some lexers choose other rules for each of their instances.
    if has_own_loop or "_tokens" in vars(lexer):
        return lexer.get_tokens_unprocessed(source)
    return _run(lexer, _states(lexer_class), source)


class _Joined:
    """Neighbouring rules as one expression."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        expressions = [expression for rule in rules if (expression := _expression(rule))]
        flags = expressions[0][1]
        # The empty group at the end of an alternative is the last one to close, and so tells which one it was.
        end = "\n)()" if flags & re.VERBOSE else ")()"
        self.match = re.compile("|".join(f"(?:{source}{end}" for source, _ in expressions), flags).match
        self._rules: dict[int | None, Rule] = {}
        index = 0
        for rule in rules:
            index += rule[0].__self__.groups + 1
            self._rules[index] = rule

    def rule_of(self, match: "re.Match[str]") -> Rule:
        """Return the rule that has matched."""
        return self._rules[match.lastindex]


class _Alone:
    """A rule that cannot be joined with others."""

    def __init__(self, rule: Rule) -> None:
        self.match = rule[0]
        self._rule = rule

    def rule_of(self, _match: "re.Match[str]") -> Rule:
        """Return the rule."""
        return self._rule


class _State:
    """The rules of one state of one lexer."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules = tuple(rules)
        self._asked = 0
        self.is_joined = False
        self.parts: Sequence[_Joined | _Alone] = [_Alone(rule) for rule in self._rules]

    def count(self) -> None:
        """Note that the state was asked; join its rules when that has become worth it."""
        self._asked += 1
        if self._asked >= WORTH_JOINING:
            self.parts = list(_join(self._rules))
            self.is_joined = True


def _join(rules: Sequence[Rule]) -> Iterator[_Joined | _Alone]:
    run: list[Rule] = []
    for rule in rules:
        if run and not _go_together(run[0], rule):
            yield from _joined(run)
            run = []
        run.append(rule)
    yield from _joined(run)


def _go_together(one: Rule, other: Rule) -> bool:
    expressions = [_expression(rule) for rule in (one, other)]
    return None not in expressions and len({expression[1] for expression in expressions if expression}) == 1


def _expression(rule: Rule) -> tuple[str, int] | None:
    """Return what a rule searches for, as it can stand among others, and with which flags; None when it cannot."""
    pattern = getattr(rule[0], "__self__", None)
    if not isinstance(pattern, re.Pattern) or _COUNTS_GROUPS.search(pattern.pattern):
        return None
    if switches := _SWITCHES.match(pattern.pattern):
        own_flags = sum(_FLAGS[letter] for letter in set(switches[1]))
        return f"(?{switches[1]}:{pattern.pattern[switches.end() :]})", pattern.flags & ~own_flags
    return pattern.pattern, pattern.flags


def _joined(rules: Sequence[Rule]) -> Iterator[_Joined | _Alone]:
    if len(rules) > 1:
        try:
            yield _Joined(rules)
        except re.error:
            # Two groups of one name, or switches that must stand at the very beginning.
            pass
        else:
            return
    yield from map(_Alone, rules)


@lru_cache(maxsize=64)
def _states(lexer_class: type[Lexer]) -> dict[str, _State]:
    # Pygments has compiled them with the first instance of the class, and kept them there.
    rules: dict[str, list[Rule]] = vars(lexer_class)["_tokens"]
    return {name: _State(each) for name, each in rules.items()}


def _run(lexer: Lexer, states: dict[str, _State], source: str) -> Iterator[Token]:
    """Do what Pygments' loop does."""
    stack = ["root"]
    state = states["root"]
    position = 0
    while True:
        if not state.is_joined:
            state.count()
        for part in state.parts:
            match = part.match(source, position)
            if match:
                own_match, action, follows = part.rule_of(match)
                if type(action) is _TokenType:
                    yield position, action, match.group()
                elif action is not None:
                    yield from action(lexer, own_match(source, position))
                position = match.end()
                if follows is not None:
                    _move(stack, follows)
                    state = states[stack[-1]]
                break
        else:
            if position >= len(source):
                return
            if source[position] == "\n":
                # A line that no rule ends puts an end to everything that was open.
                stack = ["root"]
                state = states["root"]
                yield position, Whitespace, "\n"
            else:
                yield position, Error, source[position]
            position += 1


def _move(stack: list[str], follows: Any) -> None:
    """Change the stack of states as a rule says: a number of them to leave, or names of states to enter."""
    if isinstance(follows, int):
        # The bottom one stays.
        del stack[max(1, len(stack) + follows) :]
        return
    for name in follows if isinstance(follows, tuple) else (follows,):
        if name == "#push":
            stack.append(stack[-1])
        elif name != "#pop":
            stack.append(name)
        elif len(stack) > 1:
            stack.pop()
