"""`python -m config.embedded postgres`: the life of a keeper. Nobody needs to start one by hand."""

import sys

from config.embedded import data_folder, keeper
from config.embedded.postgres import Postgres
from config.embedded.valkey import Valkey

keeper.keep({"postgres": Postgres, "valkey": Valkey}[sys.argv[1]](data_folder()))
