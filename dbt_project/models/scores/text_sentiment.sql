with scored as (
    select * from {{ source('lake_scores', 'text_sentiment') }}
),

final as (
    select
        cast(text_id as string) as text_id,
        cast(as_of as date) as as_of,
        cast(source as string) as source,
        cast(source_id as string) as source_id,
        cast(customer_key as string) as customer_key,
        cast(occurred_at as timestamp) as occurred_at,
        cast(language as string) as language,
        cast(sentiment as bigint) as sentiment,
        cast(probability as double) as probability,
        cast(mean_sentiment as double) as mean_sentiment,
        cast(text_hash as string) as text_hash,
        cast(seeds_version as string) as seeds_version,
        cast(model_version as string) as model_version,
        cast(run_id as string) as run_id
    from scored
    where as_of = {{ as_of_date() }}
)

select * from final
