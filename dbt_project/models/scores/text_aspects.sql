with scored as (
    select * from {{ source('lake_scores', 'text_aspects') }}
),

aspects as (
    select * from {{ ref('text_aspect_names') }}
),

final as (
    select
        cast(scored.text_id as string) as text_id,
        cast(scored.as_of as date) as as_of,
        cast(scored.aspect_code as string) as aspect_code,
        aspects.aspect_en,
        aspects.aspect_zh,
        cast(scored.customer_key as string) as customer_key,
        cast(scored.occurred_at as timestamp) as occurred_at,
        cast(scored.clause_count as bigint) as clause_count,
        cast(scored.sentiment as bigint) as sentiment,
        cast(scored.probability as double) as probability,
        cast(scored.mean_sentiment as double) as mean_sentiment,
        cast(scored.text_hash as string) as text_hash,
        cast(scored.seeds_version as string) as seeds_version,
        cast(scored.model_version as string) as model_version,
        cast(scored.run_id as string) as run_id
    from scored
    left join aspects on scored.aspect_code = aspects.aspect_code
    where scored.as_of = {{ as_of_date() }}
)

select * from final
