{#- Each tier ends where the next begins; the first begins at 0, the last has no end. -#}
with tiers as (
    select
        *,
        lead(tier_code) over (order by tier_rank) as next_code,
        lead(spend_from_cents) over (order by tier_rank) as next_from_cents,
        lag(tier_code) over (order by tier_rank) as previous_code,
        count(*) over () as tier_count
    from {{ ref('loyalty_tier_rules') }}
)

select concat(
    'loyalty_tier_rules.csv: tier ', tier_code, ' ends at ', coalesce(cast(cast(spend_to_cents as bigint) as string), 'nothing'), ' but ', next_code,
    ' begins at ', cast(cast(next_from_cents as bigint) as string), case when spend_to_cents > next_from_cents then ', so the two overlap' else ', so there is a gap' end,
    '; write the same amount in spend_to_cents of ', tier_code, ' and spend_from_cents of ', next_code
) as problem
from tiers
where next_code is not null and (spend_to_cents is null or spend_to_cents != next_from_cents)

union all

select concat(
    'loyalty_tier_rules.csv: the lowest tier ', tier_code, ' begins at ', cast(cast(spend_from_cents as bigint) as string), '; write 0, so that everybody has a tier'
) as problem
from tiers
where previous_code is null and spend_from_cents != 0

union all

select concat('loyalty_tier_rules.csv: the top tier ', tier_code, ' ends at ', cast(cast(spend_to_cents as bigint) as string), '; leave spend_to_cents empty') as problem
from tiers
where next_code is null and spend_to_cents is not null

union all

select concat('loyalty_tier_rules.csv: tier ', tier_code, ' ends at or before its own beginning; write a higher spend_to_cents') as problem
from tiers
where spend_to_cents <= spend_from_cents

union all

select concat('loyalty_tier_rules.csv: expected 3 to 5 tiers, found ', cast(max(tier_count) as string), '; add or remove tiers') as problem
from tiers
having count(*) not between 3 and 5
