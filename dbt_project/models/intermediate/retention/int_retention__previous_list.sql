with published as (
    select * from {{ source('lake_history', 'retention_risk_list') }}
    where as_of < {{ as_of_date() }}
),

last_published as (
    select max(as_of) as as_of
    from published
),

final as (
    select
        published.customer_key,
        published.list_rank
    from published
    inner join last_published on published.as_of = last_published.as_of
)

select * from final
