{#- Importance of each dimension: the mean of what the segment's respondents shared out; of all respondents where those are too
    few; else the seed's. Those of a segment add up to 1. -#}
with respondents as (
    select * from {{ ref('int_surveys__servqual_respondents') }}
),

dimensions as (
    select * from {{ ref('servqual_dimensions') }}
),

minimum as (
    select {{ threshold('surveys', 'servqual_minimum_weights') }} as respondent_count
),

segments as (
    select distinct segment from respondents
),

shared as (
    select
        segments.segment,
        dimensions.servqual_dimension,
        dimensions.default_weight,
        count(respondents.importance_share) as weight_count,
        avg(respondents.importance_share) as mean_share
    from segments
    cross join dimensions
    left join respondents
        on segments.segment = respondents.segment and dimensions.servqual_dimension = respondents.servqual_dimension
    group by segments.segment, dimensions.servqual_dimension, dimensions.default_weight
),

enough as (
    select
        shared.segment,
        min(shared.weight_count) as weight_count,
        min(shared.weight_count) >= max(minimum.respondent_count) as is_enough
    from shared
    cross join minimum
    group by shared.segment
),

chosen as (
    select
        shared.segment,
        shared.servqual_dimension,
        case
            when own.is_enough then shared.mean_share
            when overall.is_enough then overall_shared.mean_share
            else shared.default_weight
        end as weight,
        case when own.is_enough then own.weight_count when overall.is_enough then overall.weight_count else 0 end as weight_count,
        case
            when own.is_enough and shared.segment != 'all' then 'segment_answers'
            when overall.is_enough then 'all_answers'
            else 'seed'
        end as weight_source
    from shared
    inner join enough as own on shared.segment = own.segment
    inner join enough as overall on overall.segment = 'all'
    inner join shared as overall_shared
        on overall_shared.segment = 'all' and shared.servqual_dimension = overall_shared.servqual_dimension
),

final as (
    select
        segment,
        servqual_dimension,
        {{ steady(ratio('weight', 'sum(weight) over (partition by segment)')) }} as importance_weight,
        weight_source,
        cast(weight_count as bigint) as weight_count
    from chosen
)

select * from final
