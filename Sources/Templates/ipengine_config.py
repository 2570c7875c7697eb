# The engines of the profile {{profile}}, written by `pdlc engines`.
c = get_config()  # noqa: F821
# Seconds to wait for the controller.
c.IPEngine.timeout = 60
