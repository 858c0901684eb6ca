-- Is every landed row accounted for, and which were rejected?
select source, table_name, landed, used, quarantined, superseded, landed = used + quarantined + superseded as adds_up
from quality.row_accounts
order by quarantined desc, source, table_name
