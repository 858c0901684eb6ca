{#- Uses the last contract relation that started before the cut-off date. -#}
with value_days as (
    select * from {{ value_days() }} as known_days
),

relations as (
    select * from {{ ref('int_value__relations') }}
    where relation_kind = 'contract'
),

versions as (
    select * from {{ ref('int_subscription_versions') }}
),

last_relations as (
    select
        relations.customer_key,
        value_days.known_until,
        max(relations.relation_number) as relation_number
    from relations
    inner join value_days on relations.began_on < value_days.known_until
    group by relations.customer_key, value_days.known_until
),

running as (
    select
        versions.customer_key,
        value_days.known_until,
        sum(versions.monthly_price_cents) as monthly_price_cents
    from versions
    inner join value_days
        on versions.started_at < cast(value_days.known_until as timestamp)
        and {{ is_valid_at('cast(value_days.known_until as timestamp)') }}
    where coalesce(versions.cancelled_at >= cast(value_days.known_until as timestamp), true)
    group by versions.customer_key, value_days.known_until
),

plans as (
    select * from {{ ref('int_value__contract_plans') }}
),

final as (
    select
        {{ as_of_date() }} as as_of,
        last_relations.known_until,
        last_relations.customer_key,
        coalesce(plans.plan, 'none') as stratum,
        cast({{ days_between('relations.began_on', 'last_relations.known_until') }} as bigint) as tenure_days,
        running.customer_key is not null as is_running,
        {{ steady('coalesce(running.monthly_price_cents, 0) * ' ~ var('retention_margin_share')) }} as monthly_margin_cents,
        coalesce(relations.lost_on >= last_relations.known_until, false) as is_lost_later
    from last_relations
    inner join relations
        on last_relations.customer_key = relations.customer_key
        and last_relations.relation_number = relations.relation_number
    left join running
        on last_relations.customer_key = running.customer_key
        and last_relations.known_until = running.known_until
    left join plans
        on last_relations.customer_key = plans.customer_key
        and last_relations.relation_number = plans.relation_number
        and last_relations.known_until = plans.known_until
)

select * from final
