# The controller of the profile {{profile}}, written by `pdlc engines`.
c = get_config()  # noqa: F821
c.IPController.ip = "*"
