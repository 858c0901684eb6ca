{#- Every scenario has a known signal and action; every action has an owner role, a channel, an offer and a script. -#}
{%- set signals = feature_signals() + other_signals() -%}
with scenarios as (
    select * from {{ ref('playbook_scenarios') }}
),

actions as (
    select * from {{ ref('playbook_actions') }}
),

causes as (
    select distinct reason_code from {{ ref('churn_causes') }}
)

select concat('playbook_scenarios.csv: ', scenario_code, ' leads to the action ', scenarios.action_code, ', which is unknown; write one of playbook_actions.csv') as problem
from scenarios
left join actions on scenarios.action_code = actions.action_code
where actions.action_code is null

union all

select concat('playbook_scenarios.csv: the signal ', signal, ' of ', scenario_code, ' is unknown; expected one of {{ signals | join(", ") }}') as problem
from scenarios
where signal not in ({% for signal in signals %}'{{ signal }}'{{ ', ' if not loop.last }}{% endfor %})

union all

select concat('playbook_scenarios.csv: ', scenario_code, ' has neither min_value nor max_value, so it would always trigger; write at least one') as problem
from scenarios
where min_value is null and max_value is null

union all

select concat('playbook_scenarios.csv: min_value of ', scenario_code, ' lies above its max_value, so it would never trigger; swap them') as problem
from scenarios
where min_value > max_value

union all

select concat('playbook_scenarios.csv: expected at least 12 scenarios, found ', cast(count(*) as string), '; add some') as problem
from scenarios
having count(*) < 12

union all

select concat('playbook_actions.csv: ', action_code, ' has no owner role; write who does it, such as agent, account_manager or retention_specialist') as problem
from actions
where nullif(trim(owner_role), '') is null

union all

select concat('playbook_actions.csv: ', action_code, ' has no channel, offer or script in both languages; fill them in') as problem
from actions
where
    nullif(trim(channel), '') is null
    or nullif(trim(offer_en), '') is null or nullif(trim(offer_zh), '') is null
    or nullif(trim(script_en), '') is null or nullif(trim(script_zh), '') is null

union all

select concat('playbook_actions.csv: ', actions.action_code, ' answers the reason ', actions.reason_code, ', which is unknown; write a reason_code of churn_causes.csv, or any') as problem
from actions
left join causes on actions.reason_code = causes.reason_code
where causes.reason_code is null and actions.reason_code != 'any'
