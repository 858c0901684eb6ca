with snapshots as (
    select * from {{ ref('int_features__snapshots') }}
),

spine as (
    select * from {{ ref('int_features__customers') }}
),

windows as (
    select
        customer_keys.customer_key,
        snapshots.as_of,
        count(*) as retention_contacts_90d
    from {{ ref('stg_crm__interventions') }} as interventions
    inner join {{ ref('int_identity__customer_keys') }} as customer_keys
        on interventions.customer_id = customer_keys.customer_id
    inner join snapshots
        on interventions.contacted_at < cast(snapshots.as_of as timestamp)
        and interventions.contacted_at >= {{ timestamp_add_days('snapshots.as_of', -90) }}
    group by customer_keys.customer_key, snapshots.as_of
),

final as (
    select
        spine.customer_key,
        spine.as_of,
        cast(coalesce(windows.retention_contacts_90d, 0) as double) as retention_contacts_90d
    from spine
    left join windows
        on spine.customer_key = windows.customer_key
        and spine.as_of = windows.as_of
    where exists (select 1 from {{ ref('stg_crm__interventions') }})
)

select * from final
