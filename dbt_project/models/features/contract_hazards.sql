-- Only the year before each cut-off date counts: relations that ended before the first records are unknown, and
-- counting their survivors would underestimate losses.
-- noqa: disable=LT02
with value_days as (
    select * from {{ value_days() }} as known_days
),

plans as (
    select * from {{ ref('int_value__contract_plans') }}
),

relations as (
    select
        relations.customer_key,
        value_days.known_until,
        coalesce(plans.plan, 'none') as stratum,
        greatest({{ days_between('relations.began_on', add_days('value_days.known_until', -365)) }}, 0) as seen_from,
        {{ days_between('relations.began_on', 'least(coalesce(relations.lost_on, value_days.known_until), value_days.known_until)') }}
            as seen_until,
        coalesce(relations.lost_on < value_days.known_until, false) as is_lost
    from {{ ref('int_value__relations') }} as relations
    inner join value_days on relations.began_on < value_days.known_until
    left join plans
        on relations.customer_key = plans.customer_key
        and relations.relation_number = plans.relation_number
        and value_days.known_until = plans.known_until
    where
        relations.relation_kind = 'contract'
        and coalesce(relations.lost_on >= {{ add_days('value_days.known_until', -365) }}, true)
),

bands as (
    {% for first_day in tenure_bands() -%}
    select
        {{ first_day }} as tenure_from,
        {{ tenure_bands()[loop.index] if not loop.last else 99999 }} as tenure_until
    {% if not loop.last %}union all{% endif %}
    {% endfor -%}
),

final as (
    select
        {{ as_of_date() }} as as_of,
        relations.known_until,
        relations.stratum,
        cast(bands.tenure_from as bigint) as tenure_from,
        cast(bands.tenure_until as bigint) as tenure_until,
        cast(sum(least(relations.seen_until, bands.tenure_until) - greatest(relations.seen_from, bands.tenure_from)) as bigint)
            as contract_days,
        cast(sum(case when relations.is_lost and relations.seen_until <= bands.tenure_until then 1 else 0 end) as bigint)
            as loss_count
    from relations
    inner join bands
        on relations.seen_until > bands.tenure_from
        and relations.seen_from < bands.tenure_until
    group by relations.known_until, relations.stratum, bands.tenure_from, bands.tenure_until
)

select * from final
