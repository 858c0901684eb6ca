with value_days as (
    select * from {{ value_days() }} as known_days
),

relations as (
    select * from {{ ref('int_value__relations') }}
    where relation_kind = 'contract'
),

versions as (
    select * from {{ ref('int_subscription_versions') }}
    where customer_key is not null
),

final as (
    select
        relations.customer_key,
        relations.relation_number,
        value_days.known_until,
        {{ value_at_max(
            'versions.plan',
            "cast(versions.started_at as string) || versions.subscription_id || lpad(cast(versions.version_number as string), 9, '0')",
        ) }} as plan
    from relations
    inner join versions
        on relations.customer_key = versions.customer_key
        and {{ to_date('versions.started_at') }} >= relations.began_on
        and {{ to_date('versions.started_at') }} <= relations.last_began_on
    inner join value_days
        on versions.started_at < cast(value_days.known_until as timestamp)
        and coalesce(versions.valid_from < cast(value_days.known_until as timestamp), true)
    group by relations.customer_key, relations.relation_number, value_days.known_until
)

select * from final
