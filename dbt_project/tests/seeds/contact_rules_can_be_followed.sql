{#- Every rule has a known trigger and audience, and an interval where it repeats. -#}
with rules as (
    select * from {{ ref('contact_rules') }}
)

select concat('contact_rules.csv: the trigger ', trigger, ' of ', rule_code, ' is unknown; expected one of relation_began, relation_interval, birthday, anniversary, complaint_solved') as problem
from rules
where trigger not in ('relation_began', 'relation_interval', 'birthday', 'anniversary', 'complaint_solved')

union all

select concat('contact_rules.csv: ', rule_code, ' repeats but has no interval_days above 0; write the days between two contacts') as problem
from rules
where trigger = 'relation_interval' and coalesce(interval_days, 0) <= 0

union all

select concat('contact_rules.csv: the audience ', audience, ' of ', rule_code, ' is unknown; expected one of all, vip, segment, tier') as problem
from rules
where audience not in ('all', 'vip', 'segment', 'tier')

union all

select concat('contact_rules.csv: the audience of ', rule_code, ' needs an audience_value: the segment, or the lowest rank of the tier') as problem
from rules
where audience in ('segment', 'tier') and nullif(trim(audience_value), '') is null

union all

select concat('contact_rules.csv: the tier ', audience_value, ' of ', rule_code, ' is not a tier_rank in loyalty_tier_rules.csv; write one that is') as problem
from rules
where audience = 'tier' and audience_value not in (select cast(tier_rank as string) from {{ ref('loyalty_tier_rules') }})

union all

select concat('contact_rules.csv: ', rule_code, ' has negative days; write 0 or more in offset_days, early_days and late_days') as problem
from rules
where offset_days < 0 or early_days < 0 or late_days < 0
