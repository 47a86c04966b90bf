"""``{% if_may "committee.edit" %}…{% else_may %}…{% end_may %}``: templates ask the one table."""

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.context import Context

from accounts.access import Permission
from accounts.scopes import ANONYMOUS


register = template.Library()


class IfMayNode(template.Node):
    """Render its content when the scope holds one of the permissions."""

    def __init__(
        self, names: list[FilterExpression], allowed: NodeList, otherwise: NodeList
    ) -> None:
        self.names, self.allowed, self.otherwise = names, allowed, otherwise

    def render(self, context: Context) -> str:
        scope = context.get("scope", ANONYMOUS)
        asked = [Permission(name.resolve(context)) for name in self.names]
        return (self.allowed if scope.may(*asked) else self.otherwise).render(context)


@register.tag
def if_may(parser: Parser, token: Token) -> IfMayNode:
    """Parse ``{% if_may "a.b" ["c.d"…] %}``: shown to who holds any of the permissions."""
    names = [parser.compile_filter(bit) for bit in token.split_contents()[1:]]
    if not names:
        raise template.TemplateSyntaxError("if_may wants at least one permission")
    allowed = parser.parse(("else_may", "end_may"))
    otherwise = NodeList()
    if parser.next_token().contents == "else_may":
        otherwise = parser.parse(("end_may",))
        parser.delete_first_token()
    return IfMayNode(names, allowed, otherwise)
