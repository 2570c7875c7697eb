# ipcluster of the profile {{profile}}, written by `pdlc engines`. Edit at will.
import os

c = get_config()  # noqa: F821
folder = os.path.dirname(os.path.abspath(__file__))
c.Cluster.n = {{n}}
# Engines on other nodes must reach the controller.
c.Cluster.controller_ip = "*"
c.Cluster.engine_launcher_class = "{{launcher}}"
# How long clients wait for the engines: a job may queue.
c.Cluster.engine_timeout = 3600
c.{{batchLauncher}}.batch_template_file = os.path.join(folder, "{{template}}")
c.{{batchLauncher}}.batch_file_name = os.path.join(folder, "submitted.{{launcher}}")
c.PBSEngineSetLauncher.submit_command = [{{qsub}}, "-j", "oe", "-o", os.path.join(folder, "log", "engines.log")]
c.MPILauncher.mpi_cmd = {{mpiexec}}
os.environ.setdefault({{settingPair}})
