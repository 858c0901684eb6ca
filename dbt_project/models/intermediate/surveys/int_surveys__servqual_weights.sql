{#- Mean importance share of the segment's respondents; with too few, of all respondents; with too few of those, the
    seed's weight. -#}
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

mean_shares as (
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

sample_sizes as (
    select
        mean_shares.segment,
        min(mean_shares.weight_count) as weight_count,
        min(mean_shares.weight_count) >= max(minimum.respondent_count) as is_enough
    from mean_shares
    cross join minimum
    group by mean_shares.segment
),

chosen as (
    select
        mean_shares.segment,
        mean_shares.servqual_dimension,
        case
            when own.is_enough then mean_shares.mean_share
            when overall.is_enough then overall_shared.mean_share
            else mean_shares.default_weight
        end as weight,
        case when own.is_enough then own.weight_count when overall.is_enough then overall.weight_count else 0 end as weight_count,
        case
            when own.is_enough and mean_shares.segment != 'all' then 'segment_answers'
            when overall.is_enough then 'all_answers'
            else 'seed'
        end as weight_source
    from mean_shares
    inner join sample_sizes as own on mean_shares.segment = own.segment
    inner join sample_sizes as overall on overall.segment = 'all'
    inner join mean_shares as overall_shared
        on overall_shared.segment = 'all' and mean_shares.servqual_dimension = overall_shared.servqual_dimension
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
