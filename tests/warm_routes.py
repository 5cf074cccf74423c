"""The map of addresses, made once a test process: to bind its 600 rules took a third of what a page test costs.

Werkzeug binds each rule to the map of one application and compiles it. What comes of it depends on the rules, their
order and the converters alone, so that another application with the same ones takes what the first one made.
"""

from typing import Any

from werkzeug.routing import Map, Rule, RuleFactory

_Made = tuple[Any, dict[Any, list[Rule]]]
_MADE: dict[tuple[object, ...], _Made] = {}


class KnownMap(Map):
    """A map that binds its rules when it is first asked, and not at all when the same ones were bound before.

    A rule that comes later, as some tests add one, gives the map rules of its own: nothing that is shared is changed.
    """

    def __init__(self, *given: Any, **named: Any) -> None:  # noqa: ANN401 -- as Werkzeug's own are
        self._waiting: list[Rule] = []
        self._settled = False
        super().__init__(*given, **named)

    def add(self, rulefactory: RuleFactory) -> None:
        """Keep the rule until somebody asks for an address."""
        if self._settled:
            self._waiting = [_unbound(rule) for rule in self._waiting]
            self._matcher = type(self._matcher)(self._matcher.merge_slashes)
            self._rules_by_endpoint = {}
            self._settled = False
        self._waiting += rulefactory.get_rules(self)

    def update(self) -> None:
        """Bind what waits, or take what was bound before; then put it in order."""
        if not self._settled:
            with self._remap_lock:
                if not self._settled:
                    self._settle()
        super().update()

    def _settle(self) -> None:
        key = (
            *(_key(rule) for rule in self._waiting),
            *sorted(self.converters.items(), key=str), self._matcher.merge_slashes, self.host_matching,
        )  # fmt: skip
        if key in _MADE:
            self._matcher, self._rules_by_endpoint = _MADE[key]
            self._remap = False
        else:
            for rule in self._waiting:
                super().add(rule)
            self._matcher.update()
            for rules in self._rules_by_endpoint.values():
                rules.sort(key=lambda rule: rule.build_compare_key())
            self._remap = False
            _MADE[key] = (self._matcher, self._rules_by_endpoint)
        self._settled = True


def _key(rule: Rule) -> tuple[object, ...]:
    return (
        rule.rule, rule.endpoint, frozenset(rule.methods or ()), repr(rule.defaults), rule.subdomain, rule.host,
        rule.strict_slashes, rule.merge_slashes, rule.build_only, rule.alias, rule.redirect_to, rule.websocket,
        getattr(rule, "provide_automatic_options", None),
    )  # fmt: skip


def _unbound(rule: Rule) -> Rule:
    fresh = rule.empty()
    # What Flask adds to a rule, which its type does not tell of.
    added = "provide_automatic_options"
    if hasattr(rule, added):
        setattr(fresh, added, getattr(rule, added))
    return fresh
