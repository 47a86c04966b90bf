"""Addresses of the committees, under ``/comites/``.

Meetings come before committees: « seances » and « diffusion » are not committee names.
"""

from meetings.urls import committees, meetings, minutes


app_name = "meetings"
urlpatterns = [*minutes.urlpatterns, *meetings.urlpatterns, *committees.urlpatterns]
