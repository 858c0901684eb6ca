with snapshots as (
    select * from {{ ref('int_features__snapshots') }}
),

spine as (
    select * from {{ ref('int_features__customers') }}
),

mentions as (
    select * from {{ ref('fct_customer_timeline') }}
    where source = 'social'
),

windows as (
    select
        mentions.customer_key,
        snapshots.as_of,
        count(*) as mentions_90d
    from mentions
    inner join snapshots
        on mentions.occurred_at < cast(snapshots.as_of as timestamp)
        and mentions.occurred_at >= {{ timestamp_add_days('snapshots.as_of', -90) }}
    group by mentions.customer_key, snapshots.as_of
),

final as (
    select
        spine.customer_key,
        spine.as_of,
        cast(coalesce(windows.mentions_90d, 0) as double) as mentions_90d
    from spine
    left join windows
        on spine.customer_key = windows.customer_key
        and spine.as_of = windows.as_of
    where exists (select 1 from mentions)
)

select * from final
