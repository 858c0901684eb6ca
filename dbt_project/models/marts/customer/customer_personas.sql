{{ config(tags=['decide']) }}
with scored as (
    select * from {{ source('lake_scores', 'customer_personas') }}
),

final as (
    select
        cast(customer_key as string) as customer_key,
        cast(as_of as date) as as_of,
        cast(persona_id as bigint) as persona_id,
        cast(persona_en as string) as persona_en,
        cast(persona_zh as string) as persona_zh,
        cast(profile_en as string) as profile_en,
        cast(profile_zh as string) as profile_zh,
        cast(distance as double) as distance,
        cast(silhouette as double) as silhouette,
        cast(persona_share as double) as persona_share,
        cast(persona_count as bigint) as persona_count,
        cast(model_version as string) as model_version,
        cast(run_id as string) as run_id
    from scored
    where as_of = {{ as_of_date() }}
)

select * from final
