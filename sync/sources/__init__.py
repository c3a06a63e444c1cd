"""The three sources of a night: HaloPSA, AutoElevate and the users file.

Each satisfies `sync.job.Source`. Network and file troubles never leave a pull as an exception:
they end as a manifest with a state and a cause code (`sync.sources.causes`). Only a stop
(`Stopped`) and the run's deadline (`DeadlinePassed`) pass through.
"""
