"""stub"""
from webapp.calendar.doors import blueprint
from webapp.session import needs
from content_calendar.permissions import Permission
@blueprint.get("/temas/<ref>")
@needs(Permission.VIEW_PLAN)
def theme(ref: str) -> str:
    return ref
@blueprint.get("/calendario")
@needs(Permission.VIEW_PLAN)
def bimester() -> str:
    return "ref"
