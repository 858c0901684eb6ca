{{ config(materialized='view') }}
with mentions as (
    select
        mentions.*,
        coalesce(by_id.customer_key, by_handle.customer_key) as customer_key
    from {{ ref('stg_social__mentions') }} as mentions
    {{ left_join_identifier('by_id', 'customer_id', 'mentions.customer_id') }}
    {{ left_join_identifier('by_handle', 'handle', normal_handle('mentions.author_handle'), at='mentions.occurred_at') }}
),

posted as (
    select
        customer_key,
        occurred_at,
        'social_mention' as event_type,
        'social' as source,
        mention_id as source_id,
        'social' as channel,
        platform as touchpoint,
        'customer' as actor,
        text,
        cast(null as double) as duration_seconds,
        cast(null as double) as promised_wait_seconds,
        cast(null as double) as actual_wait_seconds,
        cast(null as double) as amount_cents,
        cast(null as double) as score
    from mentions
),

final as (
    select * from posted
)

select * from final
